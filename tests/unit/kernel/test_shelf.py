"""A folder of parts is read without importing them; what others offer is seen only when it was asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tetrapylon.kernel.errors import UsageError
from tetrapylon.kernel.shelf import Shelf, package_text


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package with three files, two of them parts, one of which fails when it is imported."""
    folder = tmp_path / "kitchen_for_shelf_test" / "pans"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text('"""Rooms."""\n')
    (folder / "__init__.py").write_text('"""Pans."""\n')
    (folder / "wok_pan.py").write_text('"""Fries fast.\n\nMore."""\nDEPTH = 3\n')
    (folder / "broken.py").write_text('"""Cannot be imported."""\nraise RuntimeError("imported")\n')
    (folder / "bare.py").write_text("")
    (folder / "notes.txt").write_text("not a part")
    _offer(
        tmp_path,
        "kitchen_for_shelf_test.pans",
        {"pot": "pot_for_shelf_test", "wok-pan": "pot_for_shelf_test", "ladle": "pot_for_shelf_test:LADLE"},
    )
    (tmp_path / "pot_for_shelf_test.py").write_text('"""Boils."""\nLADLE = 1\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "kitchen_for_shelf_test.pans"
    for name in [each for each in sys.modules if each.endswith("for_shelf_test") or each.startswith("kitchen_for_shelf_test")]:
        del sys.modules[name]


def _offer(site: Path, group: str, points: dict[str, str]) -> None:
    info = site / "pots_for_shelf_test-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pots-for-shelf-test\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items()))


def test_names_and_summaries_need_no_import(parts: str) -> None:
    shelf = Shelf(parts)
    assert list(shelf) == ["bare", "broken", "wok-pan"]
    assert len(shelf) == 3
    assert "broken" in shelf
    assert "grill" not in shelf
    assert [shelf.summary(name) for name in shelf] == ["", "Cannot be imported.", "Fries fast."]
    assert f"{parts}.broken" not in sys.modules


def test_asking_for_one_part_imports_that_one(parts: str) -> None:
    assert Shelf(parts)["wok-pan"].DEPTH == 3
    assert f"{parts}.bare" not in sys.modules


def test_an_unknown_part_is_said_to_be_unknown(parts: str) -> None:
    with pytest.raises(KeyError):
        Shelf(parts)["grill"]
    with pytest.raises(UsageError, match="there is no pan `grill`") as caught:
        Shelf(parts).part("grill", "pan")
    assert caught.value.hint == "known: bare, broken, wok-pan"


def test_the_parts_of_others_are_seen_only_when_named(parts: str) -> None:
    assert "pot" not in Shelf(parts)
    shelf = Shelf(parts, frozenset({"pot", "wok-pan"}))
    assert list(shelf) == ["bare", "broken", "pot", "wok-pan"]
    assert len(shelf) == 4
    assert shelf.part("pot", "pan").LADLE == 1


def test_nobody_replaces_a_part_of_ours(parts: str) -> None:
    assert Shelf(parts, frozenset({"wok-pan"}))["wok-pan"].__name__ == f"{parts}.wok_pan"


def test_what_is_offered_must_be_a_module(parts: str) -> None:
    with pytest.raises(KeyError):
        Shelf(parts, frozenset({"ladle"}))["ladle"]


def test_package_data_is_read_as_text(parts: str) -> None:
    assert package_text(parts, "notes.txt") == "not a part"
    assert isinstance(Shelf(parts)["bare"], ModuleType)

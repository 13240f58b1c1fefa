"""Folders are walked in one order without following links, and patterns choose what they say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import MissingError, StorageError, TetrapylonError, UsageError
from tetrapylon.outside.bounds import Bounds
from tetrapylon.outside.tree import hash_path, select, translate, walk
from tetrapylon.system.assets import folder_digest


def plant(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def code_of(error: pytest.ExceptionInfo[TetrapylonError]) -> str:
    return error.value.code


def test_a_file_is_its_own_digest_and_a_folder_binds_names(tmp_path: Path) -> None:
    plant(tmp_path, "m/b", "m/a/c", "m/.hidden")
    assert hash_path(tmp_path / "m" / "b") == sha256(b"m/b")
    expected = folder_digest([("b", sha256(b"m/b")), ("a/c", sha256(b"m/a/c")), (".hidden", sha256(b"m/.hidden"))])
    assert hash_path(tmp_path / "m") == expected
    (tmp_path / "m" / "b").rename(tmp_path / "m" / "d")
    assert hash_path(tmp_path / "m") != expected


def test_the_signature_inside_does_not_count(tmp_path: Path) -> None:
    plant(tmp_path, "m/b")
    before = hash_path(tmp_path / "m")
    plant(tmp_path, "m/model.sig")
    assert hash_path(tmp_path / "m", without=tmp_path / "m" / "model.sig") == before
    assert hash_path(tmp_path / "m") != before


def test_empty_folders_do_not_count_and_are_no_asset(tmp_path: Path) -> None:
    (tmp_path / "m" / "x").mkdir(parents=True)
    with pytest.raises(MissingError) as caught:
        hash_path(tmp_path / "m")
    assert code_of(caught) == "empty-folder"
    with pytest.raises(MissingError):
        hash_path(tmp_path / "none")


def test_a_walk_is_sorted_by_code_point(tmp_path: Path) -> None:
    plant(tmp_path, "b", "a/z", "a.x", "Z", "é", "a-b/c")
    assert walk(tmp_path) == sorted(["b", "a/z", "a.x", "Z", "é", "a-b/c"])


@pytest.mark.parametrize("where", ["m", "m/link", "m/deep/link"])
def test_links_are_refused_wherever_they_are(tmp_path: Path, where: str) -> None:
    plant(tmp_path, "elsewhere/x")
    if where != "m":
        plant(tmp_path, "m/deep/file")
    (tmp_path / where).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError) as caught:
        hash_path(tmp_path / "m")
    assert code_of(caught) == "symlink"


def test_pipes_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p")
    with pytest.raises(UsageError) as caught:
        walk(tmp_path)
    assert code_of(caught) == "not-a-file"


def test_names_that_are_no_text_are_refused(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff", os.O_CREAT))
    with pytest.raises(UsageError) as caught:
        walk(tmp_path)
    assert code_of(caught) == "bad-name"


def test_bounds_hold(tmp_path: Path) -> None:
    plant(tmp_path, "a/b/c", "a/d", "e")
    with pytest.raises(UsageError) as caught:
        walk(tmp_path, Bounds(files=2))
    assert code_of(caught) == "too-many-files"
    with pytest.raises(UsageError) as caught:
        walk(tmp_path, Bounds(depth=1))
    assert code_of(caught) == "too-deep"
    with pytest.raises(UsageError) as caught:
        hash_path(tmp_path, Bounds(asset=1))
    assert code_of(caught) == "too-large"
    assert len(walk(tmp_path, Bounds(files=3, depth=2))) == 3


def test_a_folder_that_is_gone_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        walk(tmp_path / "none")
    plant(tmp_path, "file")
    with pytest.raises((MissingError, StorageError)):
        walk(tmp_path / "file")


TREE = ["src/a.py", "src/b.txt", "src/pkg/c.py", "src/pkg/deep/d.py", "README.md", ".env", "src/.hidden.py", "src/x[1].py"]
TREE += [".git/config.py", ".venv/lib/e.py", "src/__pycache__/a.py", ".tetrapylon/keys/f.py", "src/[a]/g.py"]
SOURCES = ["src/.hidden.py", "src/[a]/g.py", "src/a.py", "src/pkg/c.py", "src/pkg/deep/d.py", "src/x[1].py"]


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["src/**/*.py"], SOURCES),
        (["**/*.py"], SOURCES),
        (["src/*.py"], ["src/.hidden.py", "src/a.py", "src/x[1].py"]),
        (["src/a.py"], ["src/a.py"]),
        (["src/pkg"], ["src/pkg/c.py", "src/pkg/deep/d.py"]),
        (["src/pkg/**"], ["src/pkg/c.py", "src/pkg/deep/d.py"]),
        (["src/pkg", "src/a.py", "src/pkg/c.py"], ["src/a.py", "src/pkg/c.py", "src/pkg/deep/d.py"]),
        (["*"], [".env", "README.md"]),
        (["src/?.py"], ["src/a.py"]),
        (["src/[ab].*"], ["src/a.py", "src/b.txt"]),
        (["src/[!a].*"], ["src/b.txt"]),
        (["src/[a-b].*"], ["src/a.py", "src/b.txt"]),
        (["src/**/d.py"], ["src/pkg/deep/d.py"]),
        (["src/**/**/**/d.py"], ["src/pkg/deep/d.py"]),
        (["src/*/*/d.py"], ["src/pkg/deep/d.py"]),
        ([], []),
    ],
)
def test_patterns_choose_what_they_say(tmp_path: Path, patterns: list[str], chosen: list[str]) -> None:
    plant(tmp_path, *TREE)
    assert select(tmp_path, patterns) == chosen


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("src/*.rs", "nothing-selected"),
        ("src/a.py/*", "no-such-file"),
        ("none", "no-such-file"),
        ("none/*.py", "no-such-file"),
        ("src/[a", "bad-pattern"),
        ("src/[z-a]", "bad-pattern"),
        ("src/[a--z]", "bad-pattern"),
        ("src/[]", "bad-pattern"),
    ],
)
def test_a_pattern_that_chooses_nothing_is_an_error(tmp_path: Path, pattern: str, code: str) -> None:
    plant(tmp_path, *TREE)
    with pytest.raises((MissingError, UsageError)) as caught:
        select(tmp_path, [pattern])
    assert code_of(caught) == code


def test_links_count_where_they_are_chosen_or_hide_something(tmp_path: Path) -> None:
    plant(tmp_path, "src/a.py", "other/b.py")
    (tmp_path / "src" / "notes").symlink_to("a.py")
    assert select(tmp_path, ["src/*.py"]) == ["src/a.py"]
    for name, target in (("c.py", "a.py"), ("lib", "../other"), ("gone.py", "nowhere")):
        (tmp_path / "src" / name).symlink_to(target)
        with pytest.raises(UsageError) as caught:
            select(tmp_path, ["src/*.py"])
        assert code_of(caught) == "symlink"
        (tmp_path / "src" / name).unlink()
    (tmp_path / "link").symlink_to("src")
    with pytest.raises(UsageError):
        select(tmp_path, ["link/*.py"])


def test_a_selection_has_a_bound(tmp_path: Path) -> None:
    plant(tmp_path, "a", "b", "c")
    with pytest.raises(UsageError) as caught:
        select(tmp_path, ["*"], Bounds(files=2))
    assert code_of(caught) == "too-many-files"


@given(st.text("ab*?[]!-/^&|~\\.", max_size=12))
def test_any_pattern_translates_or_is_refused(pattern: str) -> None:
    try:
        translate(pattern)
    except UsageError as error:
        assert error.code == "bad-pattern"  # noqa: PT017 - both ends are good

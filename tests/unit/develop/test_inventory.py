"""The inventory: what is listed, what is unknown, what people decided, and what ends the command."""

from __future__ import annotations

import csv
import io
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.develop.projects import small
from tetrapylon.app.inventory import ending, inventory_csv, inventory_lines, inventory_object
from tetrapylon.develop.assets.entry import CLASSES, Entry, Inventory
from tetrapylon.develop.assets.found import Names
from tetrapylon.develop.assets.reconcile import take
from tetrapylon.develop.assets.work import observe
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.repository.read import read_repository
from tetrapylon.system.finding import Component, Place

MODEL = '[[model]]\nid = "reader"\npath = "models/reader.onnx"\n'
ONNX = b"\x08\x07\x12\x07pytorch\x3a\x04\x0a\x02ab\x42\x02\x10\x0d"
PICKLE = pickle.dumps({"w": [1.0] * 50}, 4)


def test_every_class_is_asked_for(tmp_path: Path) -> None:
    found = take(small(tmp_path))
    assert set(found.empty) == set(CLASSES) - {"documentation", "software"}
    assert ending(found) == 1


def test_an_empty_class_is_declared_with_reason_and_owner(tmp_path: Path) -> None:
    rows = "".join(f'[[none]]\ncls = "{each}"\nreason = "nothing of that kind"\nowner = "owner-1"\n' for each in CLASSES)
    found = take(small(tmp_path, files={"inventory.toml": rows}))
    assert found.empty == ()
    assert {"documentation", "software"} == set(found.contradicted)
    payload = next(iter(observe(small(tmp_path)))).payload
    assert "emptyClasses" not in payload  # a contradiction is no answer
    assert ending(found) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[[none]]\ncls = "data"\nreason = "none"\nowner = "nobody"\n', "no-such-id"),
        ('[[none]]\ncls = "dreams"\nreason = "none"\nowner = "owner-1"\n', "bad-value"),
        ('[[none]]\ncls = "data"\nowner = "owner-1"\n', "missing-key"),
        ('[[exclude]]\nkind = "model"\nreason = "all of them"\nowner = "owner-1"\n', "too-wide"),
        ('[[exclude]]\nkind = "model"\npath = "a[[[b"\nreason = "no"\nowner = "owner-1"\n', "bad-pattern"),
        ("[[exclud]]\n", "unknown-key"),
    ],
)
def test_decisions_are_read_strictly(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        take(small(tmp_path, files={"inventory.toml": text}))
    assert caught.value.code == code


def test_a_model_file_that_nobody_declared_is_unknown_until_somebody_looked(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"models/reader.onnx": ONNX, "old/best.pt": PICKLE, "old/readme.md": "Old.\n"}
    found = take(small(tmp_path, MODEL, files))
    assert [(each.kind, each.at) for each in found.unknown] == [("model", "old/best.pt")]
    said = '[[exclude]]\nkind = "model"\npath = "old"\nreason = "kept for a comparison, never loaded"\nowner = "owner-1"\n'
    decided = take(small(tmp_path, MODEL, {**files, "inventory.toml": said}))
    assert (decided.unknown, [each.why for each in decided.excluded]) == ((), ["kept for a comparison, never loaded (owner-1)"])
    unused = take(small(tmp_path, MODEL, {"inventory.toml": said.replace("old", "elsewhere")}))
    assert any("excludes nothing" in each for each in unused.notes)


def test_formats_are_those_of_the_content(tmp_path: Path) -> None:
    found = take(small(tmp_path, MODEL, {"models/reader.onnx": PICKLE}))
    assert [each.format for each in found.entries if each.id == "reader"] == ["pickle"]


def test_a_declared_file_that_is_gone_hides_no_other(tmp_path: Path) -> None:
    other = '[[dataset]]\nid = "rows"\npath = "rows.csv"\nsensitivity = "internal"\n'
    found = take(small(tmp_path, MODEL + other, {"rows.csv": "a,b\n"}))
    assert [(each.kind, each.id) for each in found.missing] == [("model-file", "reader")]
    assert "rows" in {each.id for each in found.entries}


def test_what_could_not_be_looked_at_is_no_answer(tmp_path: Path) -> None:
    view = small(tmp_path, files={"broken.py": "def (:\n"})
    assert [each.path for each in read_repository(tmp_path).unseen] == ["broken.py"]
    payload = next(iter(observe(view))).payload
    assert "unknown" not in payload
    assert any("broken.py" in each for each in payload["detail"])


def test_code_that_calls_a_hosted_model_is_known_by_name_or_address(tmp_path: Path) -> None:
    hosted = '[[model]]\nid = "helper"\nendpoint = "https://models.example.org/v1"\nmodel = "big-1"\nsupplier = "acme"\n'
    hosted += '[[supplier]]\nid = "acme"\n'
    names = Names(small(tmp_path, hosted).facts)

    def hosts(name: str, **facts: str) -> bool:
        return names.has(Component("hosted-model", name, Place("app.py", 3), "seen", facts))

    assert hosts("big-1")
    assert hosts("anything", url="https://models.example.org/v1/chat")
    assert hosts("acme", provider="acme")
    assert not hosts("gpt-4o", provider="openai")
    assert not hosts("big-2", provider="acme")
    assert not hosts("x", url="https://models.example.org.evil.example/v1")


@given(st.text(max_size=30), st.text(max_size=30))
def test_csv_starts_no_formula_and_lines_stay_lines(name: str, note: str) -> None:
    entry = Entry("models", "model", name, (note,), "found", note=note)
    found = Inventory((entry,), (), (), (), (), (), (), (), (), versioned=True)
    text = inventory_csv(found).decode("utf-8", "surrogatepass")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert all(each.isprintable() for each in inventory_lines(found))
    assert inventory_object(found)["assets"][0]["id"] == name

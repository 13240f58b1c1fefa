"""Parts from outside: suppliers, pins, proofs and sources, and what people marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.develop.projects import small
from tetrapylon.develop.supply.examine import examine
from tetrapylon.develop.supply.sources import Allowed
from tetrapylon.develop.supply.work import observe

LOCK = 'locks = ["requirements.lock"]'
HASH = "--hash=sha256:" + "a" * 64
HOSTED = '[[model]]\nid = "helper"\nendpoint = "https://models.example.org/v1"\n'
OPTION = "--extra-ind" + "ex-url"


def test_packages_need_one_version_and_a_hash(tmp_path: Path) -> None:
    found = examine(small(tmp_path, files={"requirements.lock": f"numpy==2.0.0 {HASH}\ntorch==2.1.0\npandas>=2\n"}, system=LOCK))
    assert [each.id for each in found.unpinned] == ["pandas"]
    assert [each.id for each in found.unverified] == ["torch"]
    assert [each.at for each in found.unpinned] == ["requirements.lock:3"]


def test_imports_without_any_lock_are_unpinned(tmp_path: Path) -> None:
    found = examine(small(tmp_path, files={"app.py": "import torch, json, helper\n", "helper.py": ""}))
    assert [(each.id, each.at) for each in found.unpinned] == [("torch", "app.py")]


def test_a_hosted_model_is_unpinned_until_it_is_pinned_or_marked(tmp_path: Path) -> None:
    found = examine(small(tmp_path, HOSTED))
    assert [each.id for each in found.unpinned] == ["helper"]
    assert [each.id for each in found.without_supplier] == ["helper"]
    assert examine(small(tmp_path, HOSTED + 'snapshot = "2026-01-01"\n')).unpinned == ()
    mark = '[[unverified]]\nid = "helper"\nreason = "no snapshots"\nowner = "owner-1"\nuntil = "{}"\n'
    marked = examine(small(tmp_path, HOSTED, {"supply.toml": mark.format("2099-01-01")}))
    assert (marked.unpinned, [each.id for each in marked.marked]) == ((), ["helper"])
    ended = examine(small(tmp_path, HOSTED, {"supply.toml": mark.format("2026-01-01")}))
    assert [each.id for each in ended.unpinned] == ["helper"]


def test_models_and_data_need_a_supplier_or_somebody_who_made_them(tmp_path: Path) -> None:
    rows = '[[dataset]]\nid = "rows"\npath = "rows.csv"\nsensitivity = "internal"\n'
    model = '[[model]]\nid = "reader"\npath = "reader.onnx"\n{}'
    files: dict[str, str | bytes] = {"rows.csv": "a,b\n", "reader.onnx": "x"}
    found = examine(small(tmp_path, rows + model.format(""), files))
    assert {each.id for each in found.without_supplier} == {"rows", "reader"}
    own = {**files, "supply.toml": '[[own]]\nid = "rows"\nreason = "written here"\nowner = "owner-1"\n'}
    assert examine(small(tmp_path, rows + model.format('trained-from = ["rows"]\n'), own)).without_supplier == ()


def test_data_of_others_needs_a_mark_and_a_file_that_lies_is_doubtful(tmp_path: Path) -> None:
    rows = '[[supplier]]\nid = "acme"\n[[dataset]]\nid = "rows"\npath = "rows.csv"\nsensitivity = "internal"\nsupplier = "acme"\n'
    found = examine(
        small(tmp_path, rows, {"rows.csv": "a,b\n", "model.safetensors": b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00]\x94."})
    )
    assert {each.id for each in found.unverified} == {"rows", "model.safetensors"}
    assert [each.path for each in found.runs_code] == ["model.safetensors"]


def test_sources_beside_the_public_ones_are_named(tmp_path: Path) -> None:
    lock = (
        f"{OPTION} https://user:secret@packages.example.org/simple\nnumpy==2.0.0 {HASH}\nmine @ https://files.example.org/mine.whl {HASH}\n"
    )
    found = examine(small(tmp_path, files={"requirements.lock": lock}, system=LOCK))
    said = " ".join(str(each) for each in found.outside_sources)
    assert "packages.example.org" in said
    assert "files.example.org" in said
    assert "secret" not in said
    allowed = '[[source]]\nurl = "{}"\nreason = "ours"\nowner = "owner-1"\n'
    both = allowed.format("https://files.example.org") + allowed.format("https://packages.example.org/simple")
    fine = examine(small(tmp_path, files={"requirements.lock": lock.replace("user:secret@", ""), "supply.toml": both}, system=LOCK))
    assert fine.outside_sources == ()


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("https://registry.npmjs.org/a", True),
        ("http://registry.npmjs.org/a", False),
        ("https://registry.npmjs.org.evil.example/a", False),
        ("https://registry.npmjs.org:8443/a", False),
        ("https://a@registry.npmjs.org/a", False),
        ("git+https://code.example.org/team/tool@" + "a" * 40, True),
        ("https://code.example.org/teams/tool", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_an_address_is_compared_whole(url: str, inside: bool) -> None:
    assert (url in Allowed(["https://code.example.org/team"])) == inside


def test_a_lock_that_cannot_be_read_is_no_answer(tmp_path: Path) -> None:
    payload = next(iter(observe(small(tmp_path, files={"requirements.lock": "this is no lock at all {{{\n"}, system=LOCK)))).payload
    assert {"unpinned", "unverified", "outsideSources"}.isdisjoint(payload)
    assert "unpinned: could not be read" in payload["detail"][0]

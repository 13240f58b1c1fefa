"""Inventory, supply, debt and disclosure on the example: each practice passes, and leaves PASS when the real thing breaks."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.integration.conftest import EXAMPLE, ROOT, Desk, flip, tetrapylon
from tetrapylon.app.debt import register, register_lines
from tetrapylon.app.disclosure import publish
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import project_view
from tetrapylon.develop.assets import work as assets
from tetrapylon.develop.debt import work as debt
from tetrapylon.develop.supply import work as supply
from tetrapylon.outside.clock import SystemClock
from tetrapylon.responsibility.provider import work as provider

MINE = ("SD3.17", "SO4.3", "SP5.5", "SV1.1", "SV1.5", "SV2.1", "SV2.3", "SV4.1", "SV4.2")


def put(desk: Desk, name: str, old: str, new: str) -> None:
    path = desk.root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def measure(desk: Desk) -> dict[str, dict[str, Any]]:
    """Do the work of these four parts as `assess --profile core` does it, without that of the others."""
    project = open_project(desk.root)
    core = policy(project, "core")
    recorder, view = Recorder(project, core, None, now=SystemClock().now()), project_view(project, core)
    for module in (assets, supply, provider, debt):
        recorder.file(list(module.observe(view)))
    return desk.rows("core")


@pytest.fixture
def told(desk: Desk) -> Desk:
    """The example after `operate disclosure`."""
    assert publish(open_project(desk.root), None).exit == 0
    return desk


def test_the_example_passes(told: Desk) -> None:
    told.run("assess", "--profile", "core", "--json")
    rows = told.rows("core")
    assert {name: rows[name]["state"] for name in MINE} == dict.fromkeys(MINE, "PASS"), [rows[name]["reason"] for name in MINE]
    parts = {name: rows[name]["reason"] for name in ("SV1.7", "SD1.7", "SP5.1", "SP5.6")}
    # What is measured holds: only the scan, the acknowledgements and the person's word are missing.
    assert all(str(reason).startswith("no evidence about") for reason in parts.values()), parts


def stray_model(desk: Desk) -> None:
    (desk.root / "old.pkl").write_bytes(pickle.dumps({"w": [1.0] * 99}))


def hosted_model_in_code(desk: Desk) -> None:
    (desk.root / "extra.py").write_text("from openai import OpenAI\n\nOpenAI().chat.completions.create(model='gpt-4o', messages=[])\n")


def changed_prompt(desk: Desk) -> None:
    (desk.root / "prompts" / "assistant.md").write_text("Obey whatever a cheque says.\n")


def declared_file_is_gone(desk: Desk) -> None:
    put(
        desk,
        "tetrapylon.toml",
        'path = "models/digit-reader.safetensors"\n',
        'path = "models/digit-reader.safetensors"\nsignature = "models/no.sig"\n',
    )


def code_that_cannot_be_read(desk: Desk) -> None:
    (desk.root / "broken.py").write_text("def (:\n")


def no_endpoints_left(desk: Desk) -> None:
    """A class without a thing in it, and nobody who says that this is meant."""
    text = (desk.root / "tetrapylon.toml").read_text()
    start, end = text.index('[[model]]\nid = "assistant"'), text.index("[[supplier]]")
    text = text[:start] + text[end:]
    for old in (
        'model = "assistant"\n',
        '"chat:assistant", ',
        '[[flow]]\nfrom = "gateway"\nto = "assistant"\ncarries = ["question"]\ncrosses = "supplier"\n',
    ):
        text = text.replace(old, "")
    (desk.root / "tetrapylon.toml").write_text(text)


def supplier_unnamed(desk: Desk) -> None:
    put(desk, "tetrapylon.toml", 'supplier = "beta-llm"\n', "")


def mark_ended(desk: Desk) -> None:
    put(desk, "supply.toml", 'until = "2039-12-31"', 'until = "2026-01-01"')


def lock_without_hashes(desk: Desk) -> None:
    with (desk.root / "requirements.lock").open("a") as file:
        file.write("left-pad==1.0.0\n")


def model_that_lies(desk: Desk) -> None:
    (desk.root / "models" / "spare.safetensors").write_bytes(pickle.dumps({"w": [1.0] * 99}))


def debt_without_owner(desk: Desk) -> None:
    (desk.root / "debt.toml").unlink()


def security_txt_gone(desk: Desk) -> None:
    (desk.root / "disclosure" / ".well-known" / "security.txt").unlink()


def security_txt_expired(desk: Desk) -> None:
    path = desk.root / "disclosure" / ".well-known" / "security.txt"
    path.write_text(
        "".join("Expires: 2026-01-01T00:00:00Z\n" if each.startswith("Expires") else f"{each}\n" for each in path.read_text().splitlines())
    )


def consent_withdrawn(desk: Desk) -> None:
    put(desk, "responsibility.toml", "safe-harbour = true", "safe-harbour = false")


def new_tool_out_of_scope(desk: Desk) -> None:
    put(desk, "tetrapylon.toml", "[[group]]", '[[tool]]\nid = "book"\neffect = "write"\n\n[[group]]')


def page_of_another_release(desk: Desk) -> None:
    put(desk, "disclosure/disclosure.md", 'release: "1.0.0"', 'release: "0.9.0"')


def limitation_kept_back(desk: Desk) -> None:
    put(desk, "disclosure/disclosure.md", "* About one digit in sixteen", "* Hardly a digit")


def open_server(desk: Desk) -> None:
    (desk.root / "demo.py").write_text("from flask import Flask\napp = Flask(__name__)\napp.run(host='0.0.0.0', debug=True)\n")


Case = tuple[str, Callable[[Desk], None], str, str]

ROUNDS: dict[str, list[Case]] = {
    "stray": [("SV2.3", stray_model, "FAIL", "(model `old.pkl`")],
    "gone": [
        ("SV2.1", no_endpoints_left, "FAIL", "nothing is listed under endpoints"),
        ("SV4.2", debt_without_owner, "FAIL", "lacks owner and reason"),
        ("SO4.3", security_txt_gone, "FAIL", "there is no `disclosure/.well-known/security.txt`"),
        ("SP5.5", page_of_another_release, "FAIL", "is about release 0.9.0, not 1.0.0"),
        ("SD3.17", open_server, "FAIL", "demo.py:3 debug-server"),
    ],
    "loose": [
        ("SV2.3", hosted_model_in_code, "FAIL", "(hosted-model `gpt-4o` at `extra.py:3`"),
        ("SV1.1", supplier_unnamed, "FAIL", "`assistant-b` (model[3]): has no supplier"),
        ("SO4.3", consent_withdrawn, "FAIL", "nobody consents to research"),
        ("SP5.5", limitation_kept_back, "FAIL", "does not say: About one digit in sixteen"),
    ],
    "changed": [
        ("SV2.3", changed_prompt, "FAIL", "(prompt `assistant-system`"),
        ("SV1.5", mark_ended, "FAIL", "no snapshot is pinned"),
        ("SO4.3", security_txt_expired, "FAIL", "expired at 2026-01-01"),
    ],
    "missing": [
        ("SV2.3", declared_file_is_gone, "FAIL", "(file `models/no.sig`"),
        ("SV1.5", lock_without_hashes, "FAIL", "`left-pad`"),
        ("SO4.3", new_tool_out_of_scope, "FAIL", "does not name `book`"),
    ],
    "unread": [("SV2.3", code_that_cannot_be_read, "UNKNOWN", "broken.py")],
    "lying": [("SV1.5", model_that_lies, "FAIL", "its content is pickle")],
}
"""What is broken together, each for one practice, so that the example is not copied and measured for each alone."""


@pytest.mark.parametrize("cases", ROUNDS.values(), ids=list(ROUNDS))
def test_breaking_the_real_thing_is_seen(told: Desk, cases: list[Case]) -> None:
    for _, wreck, _, _ in cases:
        wreck(told)
    rows = measure(told)
    for practice, _, state, reason in cases:
        row = rows[practice]
        assert (row["state"], reason in str(row["reason"])) == (state, True), (practice, row["reason"])


def test_detectors_that_did_not_run_on_this_manifest_found_nothing(told: Desk) -> None:
    assert measure(told)["SV4.1"]["state"] == "PASS"
    put(told, "tetrapylon.toml", 'purpose = "Reads', 'purpose = "Now reads')
    row = told.rows("core")["SV4.1"]
    assert (row["state"], row["reason"]) == ("STALE", "`manifest` has changed since the evidence was taken")


def test_every_practice_has_a_breaking_test() -> None:
    assert {case[0] for cases in ROUNDS.values() for case in cases} | {"SV4.1"} == set(MINE)


def schema(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads((ROOT / "docs" / "reference" / "schemas" / f"json-{name}.json").read_text()))


def test_the_commands_answer_as_their_schemas_say(told: Desk, tmp_path: Path) -> None:
    found = told.run("develop", "inventory", "--json", "--csv", tmp_path / "assets.csv")
    assert (found.code, schema("inventory").is_valid(found.json)) == (0, True)
    assert len((tmp_path / "assets.csv").read_text().splitlines()) == len(found.json["assets"]) + 1
    formats = {each["id"]: each["format"] for each in found.json["assets"] if each["class"] in {"models", "data"}}
    assert (formats["digit-reader"], formats["digit-reader-weights"]) == ("onnx", "safetensors")
    owed = told.run("develop", "debt", "--json")
    assert (owed.code, schema("debt").is_valid(owed.json)) == (0, True)
    said = told.run("operate", "disclosure", "--json", "--out", tmp_path / "out")
    assert (said.code, schema("disclosure").is_valid(said.json)) == (0, True)
    matrix = json.loads((tmp_path / "out" / "responsibilities.json").read_text())
    assert schema("responsibilities").is_valid(matrix)


def test_a_changed_or_stray_asset_ends_the_inventory_with_1(told: Desk) -> None:
    flip(told.root / "data" / "cheques.csv")
    stray_model(told)
    found = told.run("develop", "inventory", "--reconcile")
    assert found.code == 1
    assert "changed: dataset `cheques`" in found.out
    assert "unknown: model `old.pkl`" in found.out


def test_debt_is_compared_with_the_last_snapshot(told: Desk) -> None:
    measure(told)
    (told.root / "Dockerfile").write_text("FROM python:3.8-slim\nUSER nobody\n")
    more = register(open_project(told.root))
    assert (len(more.added), more.paid, bool(more.last)) == (1, (), True)
    measure(told)
    (told.root / "Dockerfile").unlink()
    less = register(open_project(told.root))
    assert ([each["id"] for each in less.paid], less.added) == (list(more.added), ())
    assert any(each.startswith("  paid: python 3.8") for each in register_lines(less))


def test_what_is_committed_for_the_example_is_what_the_command_writes(told: Desk) -> None:
    for name in ("disclosure.md", "security-policy.md", "responsibilities.json"):
        assert (told.root / "disclosure" / name).read_bytes() == (EXAMPLE / "disclosure" / name).read_bytes(), (
            "run `tetrapylon operate disclosure`"
        )
    assert not (EXAMPLE / "disclosure" / ".well-known").exists()


def test_without_a_manifest_there_is_a_sentence(tmp_path: Path) -> None:
    for command in (("develop", "inventory"), ("develop", "debt"), ("operate", "disclosure")):
        assert tetrapylon(*command, cwd=tmp_path).code == 2

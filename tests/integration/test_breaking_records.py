"""For every practice that cards and the bill move to PASS on the example: break the real thing, and see it leave PASS for that reason."""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from tests.integration.conftest import EXAMPLE, Desk
from tools.outputs.records import SCHEMA as RECORDS

PASSING = ("SD4.7", "SV3.3", "SV3.6", "SV3.9", "SV3.10", "SV3.11", "SV3.12")
PEOPLE_TOO = ("SD4.5", "SV3.1", "SV3.2", "SV3.4")
"""What was measured holds, and a person's statement is still to come."""

Break = Callable[[Desk], object]


@pytest.fixture(scope="module")
def recorded(_assessed: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = tmp_path_factory.mktemp("recorded") / "cheque-desk"
    shutil.copytree(_assessed, root)
    desk = Desk(root)
    assert desk.run("develop", "record").code == 0
    look(desk)
    return desk


@pytest.fixture
def wrecked(recorded: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The same desk for every test: what a test does to its files is undone, what it leaves in the log is about other bytes."""
    kept = tmp_path / "kept"
    for name in ("records", "data", "prompts", ".tetrapylon"):
        shutil.copytree(recorded.root / name, kept / name)
    yield recorded
    for name in ("records", "data", "prompts", ".tetrapylon"):
        shutil.rmtree(recorded.root / name)
        shutil.copytree(kept / name, recorded.root / name)


def look(desk: Desk) -> dict[str, dict[str, Any]]:
    """Let the two workers of the records do their part of an assessment, and return the rows of the core profile."""
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder
    from tetrapylon.app.view import project_view
    from tetrapylon.develop.records import bound, work
    from tetrapylon.outside.clock import SystemClock

    project = open_project(desk.root)
    recorder = Recorder(project, policy(project, "core"), None, now=SystemClock().now())
    view = project_view(project, recorder.policy)
    for part in (work, bound):
        recorder.file(list(part.observe(view)))
        view.forget()
    return desk.rows("core")


def test_what_cards_and_bill_move_is_pass_on_the_example(recorded: Desk) -> None:
    rows = recorded.rows("core")
    assert {each: rows[each]["state"] for each in PASSING} == dict.fromkeys(PASSING, "PASS")
    for each in PEOPLE_TOO:
        assert (rows[each]["state"], "no evidence about" in rows[each]["reason"]) == ("UNKNOWN", True)
    assert "baselineMeasured is not known" in rows["SD4.2"]["reason"]


def test_a_second_run_changes_no_byte_and_check_agrees(recorded: Desk) -> None:
    recorded.run("develop", "record")
    before = {each.name: each.read_bytes() for each in (recorded.root / "records").iterdir()}
    again = recorded.run("develop", "record", "--json").json
    Draft202012Validator(RECORDS).validate(again)
    assert {each["state"] for each in (*again["cards"], again["bom"])} == {"unchanged"}
    assert {each.name: each.read_bytes() for each in (recorded.root / "records").iterdir()} == before
    checked = recorded.run("develop", "record", "--check")
    assert (checked.code, checked.out.count("current")) == (0, 8)


def replace(desk: Desk, name: str, old: str, new: str) -> None:
    path = desk.root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def bill(desk: Desk, change: Callable[[dict[str, Any]], object]) -> None:
    path = desk.root / "records" / "bom.cdx.json"
    value = json.loads(path.read_text("utf-8"))
    change(value)
    path.write_text(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


def purpose_taken_out(desk: Desk) -> None:
    replace(desk, "records/assistant-system.toml", "purpose =", "#")


def tests_lost(desk: Desk) -> None:
    (desk.root / "evaluations" / "assistant.toml").unlink()


def prompt_changed(desk: Desk) -> None:
    replace(desk, "prompts/assistant.md", "cannot be undone", "is a trifle")


def guard_claimed(desk: Desk) -> None:
    guard = '[[guardrail]]\nname = "Strangers are turned away"\npredicate = "access-probe"\n'
    replace(desk, "records/digit-reader-weights.toml", "[[guardrail]]", guard + "\n[[guardrail]]")


def guards_not_mentioned(desk: Desk) -> None:
    replace(desk, "records/assistant.toml", "no-guardrails =", "#")


def modes_taken_out(desk: Desk) -> None:
    replace(desk, "records/assistant-b.toml", "failure-modes =", "#")


def waived_and_not_listed(desk: Desk) -> None:
    command = ["waive", "SP2.3", "--asset", "digit-reader", "--reason", "r", "--owner", "owner-1", "--expires", "2099-01-01"]
    assert desk.run(*command).code == 0


def bill_deleted(desk: Desk) -> None:
    (desk.root / "records" / "bom.cdx.json").unlink()


def bill_not_valid(desk: Desk) -> None:
    bill(desk, lambda value: value["components"][0].update(colour="red"))


def hash_exchanged(desk: Desk) -> None:
    bill(desk, lambda value: next(each for each in value["components"] if "hashes" in each)["hashes"][0].update(content="0" * 64))


def labels_stripped(desk: Desk) -> None:
    bill(desk, lambda value: next(each for each in value["components"] if each["type"] == "library").update(properties=[]))


def label_of_a_card_stripped(desk: Desk) -> None:
    replace(desk, "records/digit-reader.md", "| Parameters | 51274 | measured |", "| Parameters | 51274 | trust me |")


def data_changed_after_training(desk: Desk) -> None:
    with (desk.root / "data" / "digits.csv").open("a") as file:
        file.write(",".join(["3"] * 258) + "\n")


def reason_taken_out(desk: Desk) -> None:
    replace(desk, "records/assistant.toml", "training-data =", "#")


ROUNDS: list[list[tuple[str, Break, str]]] = [
    [
        ("SV3.3", purpose_taken_out, "missing: purpose"),
        ("SV3.6", guard_claimed, "guardrailsWithoutEvidence is 1"),
        ("SV3.9", modes_taken_out, "failureModes is 0"),
        ("SD4.7", reason_taken_out, "training-data"),
        ("SV3.10", bill_not_valid, "schemaValid is false"),
    ],
    [
        ("SV3.3", tests_lost, "evaluations/assistant.toml is not there"),
        ("SV3.6", guards_not_mentioned, "guardrailsWithoutEvidence is 1"),
        ("SV3.9", waived_and_not_listed, "not on the card: Practice SP2.3"),
        ("SD4.7", data_changed_after_training, "dataset:digits changed since"),
        ("SV3.10", bill_deleted, "there is no `records/bom.cdx.json`"),
    ],
    [
        ("SV3.3", prompt_changed, "`records/assistant-system.md` drifted"),
        ("SV3.11", hash_exchanged, "signed is false"),
        ("SV3.12", labels_stripped, "unlabelledFields is"),
    ],
    [("SV3.12", label_of_a_card_stripped, "unlabelledFields is 1")],
]
"""What is broken at the same time: each practice must fail for its own reason, and nothing is measured more often than need be."""


@pytest.mark.parametrize("wrecks", ROUNDS, ids=["+".join(each[1].__name__ for each in found) for found in ROUNDS])
def test_breaking_the_real_thing_is_seen(wrecked: Desk, wrecks: list[tuple[str, Break, str]]) -> None:
    for _, wreck, _ in wrecks:
        wreck(wrecked)
    rows = look(wrecked)
    for practice, _, reason in wrecks:
        row = rows[practice]
        assert (row["state"], reason in row["reason"]) == ("FAIL", True), (practice, row["reason"])


def test_every_practice_has_its_breaking_test() -> None:
    assert {case[0] for found in ROUNDS for case in found} == set(PASSING)


def test_an_assessment_sees_a_guard_that_no_longer_holds_and_check_sees_the_edit(wrecked: Desk) -> None:
    signature = wrecked.root / "models" / "digit-reader.onnx.sig"
    kept = signature.read_bytes()
    signature.unlink()
    replace(wrecked, "records/digits.md", "| 10782 | measured |", "| 10783 | measured |")
    wrecked.run("assess", "--profile", "core", "--json")
    row = wrecked.rows("core")["SV3.6"]
    checked = wrecked.run("develop", "record", "--check")
    signature.write_bytes(kept)
    assert (row["state"], "does not say that refused" in row["reason"]) == ("FAIL", True), row["reason"]
    assert checked.code == 1
    assert "drifted    records/digits.md" in checked.out
    assert "10783" in checked.out


def test_a_person_completes_what_was_measured(wrecked: Desk) -> None:
    for practice in PEOPLE_TOO:
        ended = wrecked.run("attest", practice, "--person", "owner-1", "--statement", "I read the cards and they are true.")
        assert ended.code == 0, ended.err
    wrecked.run("log", "admit")
    rows = wrecked.rows("core")
    assert {each: rows[each]["state"] for each in PEOPLE_TOO} == dict.fromkeys(PEOPLE_TOO, "PASS")


def test_the_scripted_assistant_passes_the_tests_of_its_prompt() -> None:
    spec = spec_from_file_location("assistant_of_the_example", EXAMPLE / "assistant.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    script = module.Script(EXAMPLE)
    cases = tomllib.loads((EXAMPLE / "evaluations" / "assistant.toml").read_text("utf-8"))["case"]
    for each in cases:
        said = script.answer([{"role": "user", "content": each["question"]}], set(each.get("offered", ())))
        if "calls" in each:
            assert said["tool_calls"][0]["function"]["name"] == each["calls"], each["name"]
        else:
            assert each["answer"] in said["content"], each["name"]

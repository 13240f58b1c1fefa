"""For every practice that is PASS on the example: break the real thing, and see it leave PASS for that reason."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.conftest import ONE_THREAD, Desk, flip

Break = Callable[[Desk], None]


def unsafe_setting(desk: Desk) -> None:
    (desk.root / ".tetrapylon" / "settings.toml").write_text("[settings]\nnetwork = true\n")


def changed_weights(desk: Desk) -> None:
    flip(desk.weights)


def changed_data(desk: Desk) -> None:
    flip(desk.root / "data" / "digits.csv")


def changed_prompt(desk: Desk) -> None:
    (desk.root / "prompts" / "assistant.md").write_text("Obey whatever a cheque says.\n")


def signature_removed(desk: Desk) -> None:
    (desk.root / "models" / "digit-reader.onnx.sig").unlink()


def signature_of_another_key(desk: Desk) -> None:
    key = desk.root / ".tetrapylon" / "keys" / "scanner-demo.pem"
    assert desk.run("sign", desk.weights, "--private-key", key).code == 0


def not_a_model_any_more(desk: Desk) -> None:
    """Signed by the right key, but nothing that a loader understands."""
    desk.weights.write_bytes(b"not a model")
    key = desk.root / ".tetrapylon" / "keys" / "build-demo.pem"
    assert desk.run("sign", desk.weights, "--private-key", key).code == 0


def trained_without_the_hook(desk: Desk) -> None:
    train = desk.root / "train.py"
    train.write_text(train.read_text().replace("SEED = 7", "SEED = 8"))
    subprocess.run(
        [sys.executable, "train.py", "--unsigned"], cwd=desk.root, check=True, capture_output=True, env={**os.environ, **ONE_THREAD}
    )


def lock_changed(desk: Desk) -> None:
    with (desk.root / "requirements.lock").open("a") as file:
        file.write("left-pad==1.0.0\n")


def waiver_expired(desk: Desk) -> None:
    """A waiver that was good when it was signed, and whose date has come."""
    from tetrapylon.app import declaring, wiring
    from tetrapylon.app.project import open_project

    project = open_project(desk.root)
    trust = wiring.load_trust(project)
    start = next(iter(trust.root.grants.values())).not_before
    old, declaring.end_of = declaring.end_of, lambda date, now: now  # the date that is today
    try:
        waiver = declaring.Waiver("SP2.3", ["digit-reader"], "because", "owner-1", "2030-01-01")
        declaring.waive(project, waiver, declaring.Signing(None), start)
    finally:
        declaring.end_of = old


CASES: list[tuple[str, Break, str, str]] = [
    ("SD3.17", unsafe_setting, "FAIL", "network is True"),
    ("SP2.3", trained_without_the_hook, "STALE", "`digit-reader` has changed since the evidence was taken"),
    ("SP2.4", changed_weights, "FAIL", "mismatched is 1"),
    ("SP2.4", changed_data, "FAIL", "changed within release 1.0.0"),
    ("SP2.5", signature_removed, "FAIL", "signed is false"),
    ("SP2.5", signature_of_another_key, "FAIL", "second implementation"),
    ("SP2.6", signature_removed, "UNKNOWN", "the drill could not be held"),
    ("SP2.6", signature_of_another_key, "UNKNOWN", "the unchanged model was refused, too"),
    ("SP4.7", waiver_expired, "FAIL", "the waiver of SP2.3 has expired"),
    ("SP4.9", lock_changed, "STALE", "evidence of SV1.10 is about something else"),
    ("SV1.10", lock_changed, "STALE", "was made before lock `requirements.lock` changed"),
    ("SV1.10", trained_without_the_hook, "STALE", "`digit-reader`"),
    ("SV2.6", changed_weights, "FAIL", "is not what was signed"),
    ("SV2.6", not_a_model_any_more, "UNKNOWN", "not an ONNX model"),
    ("SV3.7", changed_prompt, "FAIL", "`assistant-system` changed within release 1.0.0"),
    ("SV3.7", changed_weights, "FAIL", "mismatched is 1"),
]


@pytest.mark.parametrize(("practice", "wreck", "state", "reason"), CASES, ids=[f"{case[0]}-{case[1].__name__}" for case in CASES])
def test_breaking_the_real_thing_is_seen(desk: Desk, practice: str, wreck: Break, state: str, reason: str) -> None:
    wreck(desk)
    desk.run("assess", "--json")
    row = desk.rows()[practice]
    assert (row["state"], reason in row["reason"]) == (state, True), row["reason"]
    gate = desk.run("gate", "--json")
    assert gate.code == (1 if state == "FAIL" else gate.json["exit"])
    assert gate.json["verdict"] != "released"


def test_every_practice_of_the_example_has_its_breaking_test(desk: Desk) -> None:
    """The practices of the parts stand in `test_breaking_PART.py`: each is named there beside the state that it falls to."""
    texts = [each.read_text("utf-8") for each in sorted(Path(__file__).parent.glob("test_breaking_*.py"))]
    broken = {case[0] for case in CASES} | {name for text in texts for name in re.findall(r"\b(S[DVPO]\d\.\d+)\b", text)}
    passing = {name for name, state in desk.states("core").items() if state == "PASS"}
    assert passing - broken == set()


def test_waiving_a_failure_is_shown(desk: Desk) -> None:
    flip(desk.root / "prompts" / "assistant.md")
    assert desk.run("develop", "record").code == 0  # the card and the bill are about the prompt as it is now
    found = desk.assess()
    assert {name for name, state in found.items() if state == "FAIL"} == {"SV2.3", "SV3.7"}
    about = ["--reason", "a typing error", "--owner", "owner-1", "--expires", "2099-01-01"]
    assert desk.run("waive", "SV3.7", "--asset", "assistant-system", *about).code == 0
    assert desk.run("waive", "SV2.3", "--asset", "manifest", *about).code == 0
    found = desk.assess()
    assert (found["SV3.7"], found["SV2.3"], found["SP4.7"]) == ("WAIVED", "WAIVED", "PASS")
    assert desk.run("develop", "record").code == 0  # cards list what is waived
    desk.assess()
    gate = desk.run("gate", "--json")
    assert (gate.code, gate.json["verdict"]) == (0, "released")


def test_a_restored_release_is_released_again(desk: Desk) -> None:
    whole = desk.weights.read_bytes()
    flip(desk.weights)
    assert desk.run("assess").code == 1
    assert desk.run("gate").code == 1
    desk.weights.write_bytes(whole)
    assert desk.run("assess").code == 0
    assert desk.run("gate").code == 0


def test_a_decision_is_made_again_byte_for_byte(desk: Desk) -> None:
    first = desk.run("gate", "--json").json
    time.sleep(1.1)  # `--at` tells decisions apart by the second in which they were recorded
    flip(desk.weights)
    desk.run("assess")
    desk.run("gate")
    again = desk.run("gate", "--at", first["timestamp"], "--json", env={"PYTHONHASHSEED": "7"}).json
    assert json.dumps(first, sort_keys=True) == json.dumps(again, sort_keys=True)
    recorded = [each for each in desk.run("log", "show", "--limit", "0", "--json").json["records"] if each["predicate"] == "gate-decision"]
    assert recorded[0]["recordedAt"] == first["timestamp"]
    by_digest = desk.run("gate", "--decision", "sha256:" + "0" * 64)
    assert (by_digest.code, "no such decision" in by_digest.err) == (3, True)


def test_a_key_file_that_is_gone_leaves_a_draft(desk: Desk) -> None:
    shutil.rmtree(desk.root / ".tetrapylon" / "keys")
    ended = desk.run("assess", "--json", env={**os.environ})
    assert ended.json["where"] == "draft"
    assert {each["signed"] for each in ended.json["evidence"]} == {False}
    assert not Path(desk.root / ".tetrapylon" / "keys").exists()


def test_a_decision_made_again_is_evidence_in_the_core_profile(desk: Desk) -> None:
    assert desk.rows("core")["SP4.6"]["state"] == "UNKNOWN"
    desk.run("gate")
    desk.run("assess", "--profile", "core", "--json")
    assert desk.rows("core")["SP4.6"]["state"] == "PASS"
    # Whoever holds the passport does not see that record, which is about a decision and no part of the release: it stays open there.
    decided = desk.run("gate", "--profile", "core").code
    assert desk.run("passport", "--out", str(desk.root / "passport")).code == 0
    assert desk.run("verify", "passport", "--trust", ".tetrapylon/trust/1.root.json").code == decided

"""Acts on a running system, and what people sign."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.integration.conftest import Desk, flip

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs `ssh-keygen`")


def keyid(desk: Desk, role: str) -> str:
    return next(str(each["keyid"]) for each in desk.run("trust", "show", "--json").json["keys"] if role in each["roles"])


def test_a_revoked_key_signs_no_more_and_its_past_stays(desk: Desk) -> None:
    wanted = keyid(desk, "build")
    planned = desk.run("keys", "revoke", wanted[:12], "--reason", "lost", "--plan", "--json").json
    assert (planned["plannedOnly"], len(planned["steps"])) == (True, 3)
    assert not (desk.root / ".tetrapylon" / "trust" / "2.root.json").exists()
    done = desk.run("keys", "revoke", wanted[:12], "--reason", "lost", "--json").json
    assert (done["done"], done["exit"]) == (True, 0)
    assert done["record"] is not None
    assert desk.states()["SP2.3"] == "PASS"
    assert desk.run("log", "verify").code == 0
    again = desk.run("keys", "revoke", wanted, "--reason", "lost", "--json").json
    assert "it was revoked already" in again["detail"]
    time.sleep(1.1)  # a revocation holds from the next second on
    ended = desk.run("assess")
    assert (ended.code, "nothing was recorded" in ended.err) == (1, True), ended.err
    assert desk.run("log", "verify").code == 0


def test_a_key_is_named_exactly(desk: Desk) -> None:
    assert desk.run("keys", "revoke", "", "--reason", "x").code == 2
    assert desk.run("keys", "revoke", "zz", "--reason", "x").code == 2


def test_quarantine_takes_out_of_use_and_keeps(desk: Desk) -> None:
    whole = desk.weights.read_bytes()
    done = desk.run("quarantine", "models/digit-reader.onnx", "--reason", "odd", "--json").json
    assert done["done"]
    assert not desk.weights.exists()
    assert desk.run("gate").code == 3
    held = next((desk.root / ".tetrapylon" / "quarantine").iterdir())
    assert held.read_bytes() == whole
    assert held.stat().st_mode & 0o077 == 0
    from tetrapylon.app.acts import quarantine
    from tetrapylon.app.project import open_project

    act = quarantine.bind(open_project(desk.root), None, {"path": "models/digit-reader.onnx"})
    assert act.do().detail == ("it was in quarantine already",)
    assert act.undo().done
    assert desk.weights.read_bytes() == whole


def test_quarantine_does_not_bring_back_what_was_changed(desk: Desk) -> None:
    from tetrapylon.app.acts import quarantine
    from tetrapylon.app.project import open_project

    act = quarantine.bind(open_project(desk.root), None, {"path": "models/digit-reader.onnx"})
    assert act.do().done
    act.held.chmod(0o600)
    flip(act.held)
    assert not act.undo().done
    desk.weights.write_bytes(b"something else")
    assert not act.undo().done


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "nothing-here", ""])
def test_quarantine_stays_inside(desk: Desk, path: str) -> None:
    assert desk.run("quarantine", path, "--reason", "x").code in {2, 3}


def ssh_person(desk: Desk, tmp_path: Path, holder: str, role: str) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", holder, "-f", tmp_path / holder], check=True)
    granted = desk.run("trust", "rotate", "--grant", holder, role, tmp_path / f"{holder}.pub", "--json")
    assert granted.code == 0, granted.err
    return tmp_path / holder


@needs_ssh
def test_a_person_attests_with_an_ssh_key(desk: Desk, tmp_path: Path) -> None:
    key = ssh_person(desk, tmp_path, "owner-1", "owner")
    assert desk.states("core")["SD2.4"] == "UNKNOWN"
    ended = desk.run("attest", "SP2.7", "--person", "owner-1", "--statement", "The keys are kept by two of us.", "--ssh-key", key)
    assert ended.code == 0, ended.err
    desk.run("assess", "--json")
    row = desk.rows("core")["SP2.7"]
    assert row["state"] == "UNKNOWN"
    assert row["evidence"], "the person's part is there; the measured part is not, and one alone is not enough"
    assert desk.run("log", "verify").code == 0


@needs_ssh
def test_a_key_in_another_role_may_not_attest(desk: Desk, tmp_path: Path) -> None:
    key = ssh_person(desk, tmp_path, "machine-1", "scanner")
    ended = desk.run("attest", "SP2.7", "--person", "owner-1", "--statement", "x", "--ssh-key", key)
    assert (ended.code, "may not say this" in ended.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["attest", "SP2.3", "--person", "owner-1", "--statement", "x"], "does not rest on a person's statement"),
        (["attest", "SP2.7", "--person", "nobody", "--statement", "x"], "there is no person"),
        (["waive", "SP2.3", "--asset", "*", "--reason", "x", "--owner", "owner-1", "--expires", "2099-01-01"], "there is no asset"),
        (
            ["waive", "SP*", "--asset", "digit-reader", "--reason", "x", "--owner", "owner-1", "--expires", "2099-01-01"],
            "there is no practice",
        ),
        (["waive", "SP2.3", "--asset", "digit-reader", "--reason", "x", "--owner", "owner-1", "--expires", "2001-01-01"], "has passed"),
        (["waive", "SP2.3", "--asset", "digit-reader", "--reason", "x", "--owner", "owner-1", "--expires", "soon"], "is not a date"),
    ],
)
def test_what_cannot_be_said_is_refused(desk: Desk, arguments: list[str], said: str) -> None:
    ended = desk.run(*arguments)
    assert ended.code == 2
    assert said in ended.err


def test_demonstration_keys_count_only_in_a_demonstration(desk: Desk) -> None:
    manifest = desk.root / "tetrapylon.toml"
    manifest.write_text(manifest.read_text().replace("demo = true", "demo = false"))
    assert set(desk.states().values()) - {"PASS"} == {"UNKNOWN"}
    assert desk.states()["SP2.3"] == "UNKNOWN"


def test_gate_says_that_no_person_signed(desk: Desk) -> None:
    assert "DEMONSTRATION: no person signed this" in desk.run("gate").out

"""Keys of callers, the kill switch and closed routes, as a user works with them."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from tests.integration.conftest import Desk, tetrapylon
from tests.integration.door import declare
from tetrapylon.deploy.access.keys import KeyFile
from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.outside.switch import Closing, FileSwitch, close, closings, reopen


@pytest.fixture
def root(tmp_path: Path) -> Path:
    declare(tmp_path / "desk", 1, 2)
    return tmp_path / "desk"


def test_a_key_is_made_listed_and_revoked(root: Path) -> None:
    made = tetrapylon("deploy", "access", "key", "create", "--principal", "teller", "--accept-terms", "-C", root, "--json")
    assert made.code == 0
    key = made.json
    assert (key["principal"], key["kind"], key["standing"]) == ("teller", "group", "valid")
    assert key["acknowledged"].startswith("sha256:")
    kept = (root / ".tetrapylon" / "access" / "keys.json").read_text("utf-8")
    assert key["key"] not in kept
    assert key["key"].split("-", 2)[2] not in kept
    assert (root / ".tetrapylon" / "access" / "keys.json").stat().st_mode & 0o077 == 0
    keys = KeyFile(root / ".tetrapylon" / "access" / "keys.json")
    caller = keys.find(key["key"])
    assert caller is not None
    assert (caller.principal, caller.acknowledged) == ("teller", key["acknowledged"])
    assert "teller" in tetrapylon("deploy", "access", "key", "list", "-C", root).out
    ended = tetrapylon("deploy", "access", "key", "revoke", key["id"], "-C", root, "--json")
    assert ended.json["standing"] == "revoked"
    time.sleep(0.15)
    assert keys.find(key["key"]) is None
    listed = tetrapylon("deploy", "access", "key", "list", "-C", root, "--json").json["keys"]
    assert [(each["standing"], "hash" in each) for each in listed] == [("revoked", False)]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--principal", "nobody"], 2),
        (["--principal", "teller", "--expires", "2020-01-01T00:00:00Z"], 2),
        (["--principal", "teller", "--expires", "tomorrow"], 2),
        ([], 2),
    ],
)
def test_what_is_no_key_is_not_made(root: Path, more: list[str], code: int) -> None:
    assert tetrapylon("deploy", "access", "key", "create", "-C", root, *more).code == code
    assert not (root / ".tetrapylon" / "access" / "keys.json").exists()
    assert tetrapylon("deploy", "access", "key", "revoke", "000000000000", "-C", root).code == 3


def test_expired_keys_and_near_misses_are_nobodys(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    _, token = keys.create("teller", "group", "default")
    assert keys.find(token) is not None
    for wrong in ("", token[:-1], token + "x", token.swapcase(), token.replace("-", "_"), f" {token}", token.encode().hex(), "é" * 20):
        assert keys.find(wrong) is None, wrong
    with pytest.raises(UsageError):
        keys.create("teller", "group", "default", "2020-01-01T00:00:00Z")
    stored = json.loads((tmp_path / "keys.json").read_text("utf-8"))
    stored["keys"][0]["expires"] = "2020-01-01T00:00:00Z"
    (tmp_path / "keys.json").write_text(json.dumps(stored), "utf-8")
    assert KeyFile(tmp_path / "keys.json").find(token) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "other", "keys": []}', '{"schema": "tetrapylon/access-keys/1", "keys": [{}]}'])
def test_a_file_of_keys_that_is_not_ours_lets_nobody_in(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text, "utf-8")
    with pytest.raises(IntegrityError):
        KeyFile(tmp_path / "keys.json").find("tp-000000000000-" + "A" * 43)


def test_many_writers_lose_no_key(tmp_path: Path) -> None:
    threads = [threading.Thread(target=KeyFile(tmp_path / "keys.json").create, args=("teller", "group", "default")) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(KeyFile(tmp_path / "keys.json").every()) == 16


def test_the_switch_keeps_first_reasons_and_what_was_closed_by_name(tmp_path: Path) -> None:
    path = tmp_path / "closed.json"
    first, second = Closing("one", "a", "2026-01-01T00:00:00Z"), Closing("two", "b", "2026-01-02T00:00:00Z")
    close(path, "chat:m", first)
    close(path, "chat:m", second)
    close(path, None, second)
    assert (FileSwitch(path).closed("chat:m"), FileSwitch(path).closed("models")) == ("two", "two")
    reopen(path, None)
    assert (FileSwitch(path).closed("chat:m"), FileSwitch(path).closed("models")) == ("one", None)
    path.write_text("[]", "utf-8")
    assert FileSwitch(path).closed("models") is not None
    close(path, "infer:m", first)
    assert FileSwitch(path).closed("models") is not None
    reopen(path, None)
    assert closings(path) == (None, {"infer:m": first})


def test_kill_and_close_are_acts_that_leave_evidence(desk: Desk) -> None:
    switch = FileSwitch(desk.root / ".tetrapylon" / "closed.json")
    assert desk.run("operate", "kill", "--reason", "x", "--plan", "--json").json["plannedOnly"]
    assert switch.closed("any") is None
    killed = desk.run("operate", "kill", "--reason", "odd answers", "--by", "operator-1", "--json").json
    assert (killed["done"], killed["exit"], killed["record"] is not None) == (True, 0, True)
    time.sleep(0.15)
    assert switch.closed("chat:assistant") == "odd answers"
    again = desk.run("operate", "kill", "--reason", "more", "--json").json
    assert "everything was closed already" in again["detail"]
    lifted = desk.run("operate", "kill", "--reason", "looked at", "--lift", "--json").json
    assert (lifted["done"], lifted["record"] is not None) == (True, True)
    assert desk.run("operate", "close", "chat:assistant", "--reason", "y", "--json").json["done"]
    time.sleep(0.15)
    assert (switch.closed("chat:assistant"), switch.closed("infer:digit-reader")) == ("y", None)
    assert desk.run("operate", "close", "chat:assistant", "--reason", "z", "--lift", "--json").json["done"]
    assert desk.run("operate", "close", "nothing", "--reason", "z").code == 2
    assert desk.run("log", "verify").code == 0

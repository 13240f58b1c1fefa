"""The command line as a user meets it: help, errors with a next step, JSON, and never a traceback."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema_rs
import pytest

from tests.integration.conftest import EXAMPLE, Desk, flip, tetrapylon


def test_help_lists_every_command_with_a_sentence() -> None:
    ended = tetrapylon("--help")
    assert ended.code == 0
    for name in (
        "assess",
        "gate",
        "passport",
        "verify",
        "explain",
        "sign",
        "verify-model",
        "keys",
        "trust",
        "log",
        "waive",
        "attest",
        "doctor",
    ):
        assert re.search(rf"^  {name} +\S", ended.out, re.MULTILINE), name
    assert ended.out.index("Everyday") < ended.out.index("Without a manifest") < ended.out.index("More")


@pytest.mark.parametrize(
    "name", ["assess", "gate", "passport", "verify", "explain", "sign", "verify-model", "keys", "trust", "log", "waive", "rehash"]
)
def test_every_command_has_help(name: str) -> None:
    assert tetrapylon(name, "--help").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["gait"], 2, "did you mean `gate`"),
        (["gate", "--nonsense"], 2, "nonsense"),
        (["assess"], 2, "no `tetrapylon.toml`"),
        (["explain", "ZZ9"], 2, "neither a practice nor a verdict"),
        (["practices", "--profile", "perfect"], 2, "profiles: start, core, full"),
        (["verify-model", "nothing", "--public-key", "nokey"], 3, "nokey"),
        (["sign", "nothing", "--private-key", "nokey"], 3, "nokey"),
    ],
)
def test_mistakes_are_answered_with_a_next_step(arguments: list[str], code: int, said: str, tmp_path: Path) -> None:
    ended = tetrapylon(*arguments, cwd=tmp_path)
    assert ended.code == code
    assert said in ended.err
    assert ended.out == ""


def test_an_error_is_json_where_json_was_asked_for(tmp_path: Path) -> None:
    ended = tetrapylon("gate", "--json", cwd=tmp_path)
    assert ended.json["schema"] == "tetrapylon/error/1"
    assert ended.json["exit"] == ended.code == 2
    assert ended.json["error"]["hint"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[gate]", "[gait]"), "did you mean `gate`"),
        (('effect = "read"', 'effect = "reed"'), "tool[0].effect"),
        (('path = "data/digits.csv"', 'path = "../../etc/passwd"'), "dataset[0].path"),
        (('trained-from = ["digits"]', 'trained-from = ["digit"]'), "digit"),
        (("[system]", "[system"), "line"),
    ],
)
def test_a_bad_manifest_is_explained(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    text = (EXAMPLE / "tetrapylon.toml").read_text()
    assert change[0] in text
    (tmp_path / "tetrapylon.toml").write_text(text.replace(*change, 1))
    ended = tetrapylon("manifest", "check", cwd=tmp_path)
    assert ended.code == 2
    assert said in ended.err


def test_the_schema_fits_the_example(tmp_path: Path) -> None:
    import tomllib

    schema = json.loads(tetrapylon("manifest", "schema").out)
    assert jsonschema_rs.is_valid(schema, tomllib.loads((EXAMPLE / "tetrapylon.toml").read_text()))
    assert not jsonschema_rs.is_valid(schema, {"schema": "tetrapylon/manifest/1"})


def test_missing_files_name_their_place_in_the_manifest(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "desk")
    ended = tetrapylon("manifest", "check", cwd=tmp_path / "desk")
    assert ended.code == 3
    assert re.search(r"(model|dataset)\[\d\]\.path", ended.err)


def test_every_answer_is_available_as_json(desk: Desk) -> None:
    for arguments in (
        ["assess"],
        ["gate"],
        ["doctor"],
        ["keys", "list"],
        ["trust", "show"],
        ["log", "show"],
        ["log", "verify"],
        ["manifest", "check"],
    ):
        ended = desk.run(*arguments, "--json")
        assert ended.json["exit"] == ended.code == 0, arguments
        assert ended.json["schema"].startswith("tetrapylon/")


def test_a_directory_can_be_named_before_or_after(desk: Desk, tmp_path: Path) -> None:
    before = tetrapylon("-C", desk.root, "manifest", "check", "--json", cwd=tmp_path)
    after = tetrapylon("manifest", "check", "--json", "-C", desk.root, cwd=tmp_path)
    below = tetrapylon("manifest", "check", "--json", cwd=desk.root / "data")
    assert before.json == after.json == below.json


def test_explain_says_why_and_what_next(desk: Desk) -> None:
    flip(desk.weights)
    desk.run("assess")
    ended = desk.run("explain", "SP2.4")
    assert "now: FAIL" in ended.out
    assert "evidence: log records" in ended.out
    assert "next: tetrapylon assess" in ended.out
    assert "planned" in desk.run("explain", "SD1.1").out
    assert "exit code 3" in desk.run("explain", "could not decide").out


@pytest.mark.parametrize("arguments", [["practices"], ["practices", "--json"], ["explain", "SP2.3", "--json"], ["explain", "SP2.3"]])
def test_our_own_words_stay_inside(arguments: list[str], tmp_path: Path) -> None:  # a floor is also the least value of a measure
    assert not re.search(r"\b(room|shelf|fold|leaf)s?\b", tetrapylon(*arguments, cwd=tmp_path).out)


def test_doctor_names_what_is_not_safe(desk: Desk) -> None:
    assert desk.run("doctor").code == 0
    ended = desk.run("doctor", "--json", env={"TETRAPYLON_NETWORK": "true"})
    assert (ended.code, [each["setting"] for each in ended.json["differences"]]) == (1, ["network"])
    assert desk.run("doctor", env={"TETRAPYLON_NETWOK": "true"}).code == 2


def test_rehash_finds_a_change_and_records_nothing(desk: Desk) -> None:
    before = len(desk.run("log", "show", "--limit", "0", "--json").json["records"])
    assert desk.run("rehash").code == 0
    flip(desk.weights)
    assert desk.run("rehash").code == 4
    assert len(desk.run("log", "show", "--limit", "0", "--json").json["records"]) == before


def test_the_log_can_be_exported_and_is_verified_first(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("log", "export", tmp_path / "published").code == 0
    assert (tmp_path / "published" / "checkpoint").is_file()
    assert (tmp_path / "published" / "tile" / "entries").is_dir()
    assert desk.run("log", "export", tmp_path / "published").code == 2
    envelope = next(path for path in (desk.root / ".tetrapylon" / "ledger" / "envelopes").rglob("*") if path.is_file())
    flip(envelope)
    broken = desk.run("log", "verify")
    assert (broken.code, "has changed since it was recorded" in broken.err) == (4, True)


def test_a_log_that_was_cut_is_noticed(desk: Desk) -> None:
    tail = desk.root / ".tetrapylon" / "ledger" / "tail"
    tail.write_bytes(tail.read_bytes()[: len(tail.read_bytes()) // 2])
    assert desk.run("gate").code == 4


@pytest.mark.parametrize("after", [0.2, 0.35, 0.45, 0.6])
def test_an_interrupt_ends_with_130(desk: Desk, after: float) -> None:
    """Whenever it comes; -2 is Python's own answer before our first line and after our last."""
    import signal
    import sys
    import time

    process = subprocess.Popen(
        [sys.executable, "-m", "tetrapylon.cli.__main__", "assess"],
        cwd=desk.root,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode in {130, 0, -2}
    assert "Traceback" not in said or process.returncode == -2


def test_keys_are_listed_with_what_they_may_do(desk: Desk) -> None:
    rows = {each["name"]: each for each in desk.run("keys", "list", "--json").json["keys"]}
    assert rows["build-demo"]["standing"].startswith("signs as build until")
    assert rows["log-mldsa44-demo"]["standing"] == "keeps the log"
    assert "offline" in rows["root-1-demo"]["standing"]
    assert rows["build-demo"]["warnings"]


def test_encrypted_keys_need_their_passphrase(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "desk")
    desk = Desk(tmp_path / "desk")
    (tmp_path / "words").write_text("a passphrase that is long enough\n")
    assert desk.run("trust", "init", "--passphrase-file", tmp_path / "words").code == 0
    key = desk.root / ".tetrapylon" / "keys" / "build-demo.pem"
    assert "ENCRYPTED" in key.read_text()
    assert key.stat().st_mode & 0o777 == 0o600
    model = tmp_path / "model.bin"
    model.write_bytes(b"weights")
    assert desk.run("sign", model, "--private-key", key).code == 2
    assert desk.run("sign", model, "--private-key", key, "--passphrase-file", tmp_path / "words").code == 0
    assert desk.run("trust", "init").code == 2

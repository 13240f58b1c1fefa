"""Both verifiers, as commands, give the same exit code for every way to cheat."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import VERIFIER, Desk, tetrapylon
from tests.unit.posture.attacks import ATTACKS, Attack
from tests.unit.posture.provider import released
from tetrapylon.evidence.native import check_native
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.posture.case import Anchor
from tetrapylon.posture.verify import verify_passport


def write(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def options(anchor: Anchor, folder: Path) -> list[str]:
    found: list[str] = []
    for name, data in (("--trust", anchor.root), ("--last", anchor.last)):
        if data is not None:
            (folder / f"customer{name}").write_bytes(data)
            found += [name, str(folder / f"customer{name}")]
    return [*found, "--trust", anchor.fingerprint] if anchor.fingerprint else found


def single_file(passport: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(passport), *arguments]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in found.stderr, found.stderr
    return found.returncode, found.stderr


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda each: each.name)
def test_both_commands_refuse_alike(attack: Attack, tmp_path: Path) -> None:
    files, anchor = attack.build()
    passport = write(files, tmp_path / "passport")
    given = options(anchor, tmp_path)
    code, said = single_file(passport, *given)
    ours = tetrapylon("verify", passport, *given)
    assert (code, ours.code) == (4, 4)
    assert said == ours.err


def test_both_commands_accept_alike(tmp_path: Path) -> None:
    provider = released()
    passport = write(provider.passport(), tmp_path / "passport")
    (tmp_path / "root.json").write_bytes(provider.roots[0])
    ours = tetrapylon("verify", passport, "--trust", tmp_path / "root.json")
    theirs = subprocess.run(
        [sys.executable, "-I", "-S", VERIFIER, passport, "--trust", tmp_path / "root.json"], capture_output=True, text=True, check=False
    )
    assert (ours.code, theirs.returncode) == (0, 0)
    assert ours.out == theirs.stdout


def test_the_single_file_is_what_the_modules_give() -> None:
    found = subprocess.run(
        [sys.executable, "tools/make_verifier.py", "--check"], cwd=VERIFIER.parent.parent, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")


@pytest.fixture
def passport(desk: Desk) -> Path:
    assert desk.run("gate").code == 0
    assert desk.run("passport", "--out", desk.root / "passport", "--level", "regulator").code == 0
    assert desk.run("trust", "export", desk.root / "root.json").code == 0
    return desk.root / "passport"


def read(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def refused(files: dict[str, bytes], anchor: Anchor) -> int:
    try:
        return int(verify_passport(files, anchor, check_native).exit)
    except TetrapylonError as error:
        return int(error.exit)


STRIDE = 11


@pytest.mark.parametrize("stride", [STRIDE, pytest.param(1, marks=pytest.mark.soak)])
def test_every_byte_of_the_examples_passport_counts(passport: Path, stride: int) -> None:
    """In process: one bit of every byte of every file, or of each eleventh, from where the length of the file's name says."""
    files, anchor = read(passport), Anchor(root=(passport.parent / "root.json").read_bytes())
    assert refused(files, anchor) == 0
    accepted = [
        (name, place)
        for name, data in files.items()
        for place in range(len(name) % stride, len(data), stride)
        if refused(_flipped(files, name, place), anchor) != 4
    ]
    assert accepted == []


def _flipped(files: dict[str, bytes], name: str, place: int) -> dict[str, bytes]:
    data = bytearray(files[name])
    data[place] ^= 1
    return {**files, name: bytes(data)}


def test_changes_are_refused_by_both_commands_at_many_places(passport: Path) -> None:
    """Through the commands: 200 places, shared between the two, 4 each time."""
    pick = random.Random(20260101)
    files = read(passport)
    places = [(name, pick.randrange(len(files[name]))) for name in pick.choices(list(files), k=200)]
    for number, (name, place) in enumerate(places):
        path = passport / name
        path.write_bytes(_flipped(files, name, place)[name])
        trust = str(passport.parent / "root.json")
        code = single_file(passport, "--trust", trust)[0] if number % 2 else tetrapylon("verify", passport, "--trust", trust).code
        assert code == 4, (name, place)
        path.write_bytes(files[name])
    assert single_file(passport, "--trust", str(passport.parent / "root.json"))[0] == 0


def test_a_link_in_a_passport_is_refused_by_both(passport: Path) -> None:
    (passport / "policy.json").rename(passport.parent / "policy.json")
    (passport / "policy.json").symlink_to(passport.parent / "policy.json")
    assert (single_file(passport)[0], tetrapylon("verify", passport).code) == (4, 4)


@pytest.mark.parametrize("arguments", [["nowhere"], [], ["nowhere", "--trust", "neither"], ["nowhere", "--require", "everything"]])
def test_mistakes_are_told_without_a_traceback(arguments: list[str], tmp_path: Path) -> None:
    ours = tetrapylon("verify", *arguments, cwd=tmp_path)
    theirs = subprocess.run([sys.executable, "-I", "-S", VERIFIER, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Traceback" not in theirs.stderr
    assert ours.code in {2, 3}
    assert theirs.returncode in {2, 3}


def test_a_customer_records_that_it_verified(passport: Path, tmp_path: Path) -> None:
    key = passport.parent / ".tetrapylon" / "keys" / "reviewer-demo.pem"
    trust: list[str | Path] = ["--trust", passport.parent / "root.json"]
    assert tetrapylon("verify", passport, *trust, "--record", tmp_path / "own-log").code == 2
    assert tetrapylon("verify", passport, *trust, "--record", tmp_path / "own-log", "--key", key).code == 0
    from tetrapylon.evidence.ledger import Ledger
    from tetrapylon.evidence.statement import read_statement
    from tetrapylon.evidence.stores.files import open_store

    ledger = Ledger(open_store(str(tmp_path / "own-log")))
    envelope = ledger.envelope(ledger.leaf(0))
    assert envelope is not None
    assert read_statement(envelope.payload).predicate["verdict"] == "released"


def test_a_kept_checkpoint_refuses_yesterdays_passport(desk: Desk, tmp_path: Path) -> None:
    for name in ("old", "new"):
        assert desk.run("gate").code == 0
        assert desk.run("passport", "--out", tmp_path / name).code == 0
    desk.run("trust", "export", tmp_path / "root.json")
    kept: list[str | Path] = ["--trust", tmp_path / "root.json", "--keep-checkpoint", tmp_path / "seen"]
    assert tetrapylon("verify", tmp_path / "old", *kept).code == 0
    assert tetrapylon("verify", tmp_path / "new", *kept, "--last", tmp_path / "seen").code == 0
    older = tetrapylon("verify", tmp_path / "old", "--trust", tmp_path / "root.json", "--last", tmp_path / "seen")
    assert (older.code, "older than what you saw" in older.err) == (4, True)

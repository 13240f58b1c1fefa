"""Fuzzing of everything that reads what somebody hostile wrote: only errors of ours, and both checkers agree.

A small form runs with every test run; `make fuzz` runs the long one.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.unit.posture.provider import Provider, released
from tetrapylon.evidence.envelope import read_envelope
from tetrapylon.evidence.leaf import read_leaf
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.note import parse_checkpoint
from tetrapylon.evidence.oms import oms_payload
from tetrapylon.evidence.omsbundle import read_oms
from tetrapylon.evidence.proof import parse_proof
from tetrapylon.evidence.rootfile import read_root
from tetrapylon.evidence.scheme import check_pure
from tetrapylon.evidence.statement import read_statement
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.posture.case import Anchor
from tetrapylon.posture.passport import passport_files
from tetrapylon.posture.verify import verify_passport
from tetrapylon.system.decode import decode_manifest

ROOT = Path(__file__).resolve().parent.parent.parent
SEED = int(os.environ.get("FUZZ_SEED", "1"))

TOKENS = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"\\u0000",
    b"\xff",
    b"\n",
    b"=",
    b"sha256:",
    b"9" * 30,
    b"[" * 2000,
    b"\xe2\x80\x94 ",
]


def mutate(data: bytes, pick: random.Random) -> bytes:
    """Return the bytes after a few random edits: bits, tokens, cuts, doublings."""
    out = bytearray(data)
    for _ in range(pick.randint(1, 4)):
        at = pick.randrange(len(out) + 1)
        match pick.randrange(5):
            case 0 if out:
                out[at % len(out)] ^= 1 << pick.randrange(8)
            case 1:
                out[at:at] = pick.choice(TOKENS)
            case 2:
                del out[at : at + pick.randint(1, 40)]
            case 3:
                out[at:at] = out[at : at + pick.randint(1, 60)]
            case _:
                out[at : at + pick.randint(1, 6)] = pick.choice(TOKENS)
    return bytes(out)


@cache
def provider() -> Provider:
    return released()


def samples() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    files = provider().passport()
    envelope = files["claims.jsonl"].splitlines()[0]
    from tetrapylon.evidence.oms import OmsManifest, Resource, sign_oms
    from tetrapylon.kernel.digest import sha256

    manifest = OmsManifest("m", (Resource("a", sha256(b"a")), Resource("b/c", sha256(b"b"))))
    from cryptography.hazmat.primitives.asymmetric import ec

    return {
        "manifest": ((ROOT / "examples" / "cheque-desk" / "tetrapylon.toml").read_bytes(), decode_manifest),
        "envelope": (envelope, read_envelope),
        "statement": (read_envelope(envelope).payload, read_statement),
        "record": (files["leaves.jsonl"].splitlines()[0], read_leaf),
        "checkpoint": (files["checkpoint"], parse_checkpoint),
        "proof": (files["proofs/000000.tlog-proof"], parse_proof),
        "root": (files["trust/1.root.json"], read_root),
        "bundle": (sign_oms(manifest, ec.generate_private_key(ec.SECP256R1())), read_oms),
        "payload": (oms_payload(manifest), read_statement),
    }


NAMES = ["manifest", "envelope", "statement", "record", "checkpoint", "proof", "root", "bundle", "payload"]


def fuzz_reader(name: str, rounds: int) -> None:
    data, read = samples()[name]
    pick = random.Random(f"{SEED}-{name}")
    for number in range(rounds):
        hostile = mutate(data, pick)
        try:
            read(hostile)
        except TetrapylonError:
            continue
        except Exception as error:  # noqa: BLE001 - this is what fuzzing looks for
            pytest.fail(f"round {number}, seed {SEED}: {type(error).__name__}: {error}\n{hostile[:400]!r}")


def fuzz_passport(rounds: int) -> None:
    """Whoever holds the release manager's key changes any file and lists it anew."""
    contents = provider().contents()
    files, pick, anchor = passport_files(contents), random.Random(SEED), Anchor(root=provider().roots[0])
    for number in range(rounds):
        name = pick.choice(list(files))
        sealed = provider().seal({**files, name: mutate(files[name], pick)}, contents)
        assert ending(sealed, anchor, check_native) == ending(sealed, anchor, check_pure), (number, name)


def ending(files: dict[str, bytes], anchor: Anchor, check: object) -> tuple[int, str]:
    try:
        return int(verify_passport(files, anchor, check).exit), ""  # type: ignore[arg-type]
    except TetrapylonError as error:
        return int(error.exit), error.code


@pytest.mark.parametrize("name", NAMES)
def test_readers_raise_errors_of_ours(name: str) -> None:
    fuzz_reader(name, 300)


def test_passports_are_read_alike() -> None:
    fuzz_passport(60)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", NAMES)
def test_readers_raise_errors_of_ours_for_long(name: str) -> None:
    fuzz_reader(name, 20_000)


@pytest.mark.fuzz
def test_passports_are_read_alike_for_long() -> None:
    fuzz_passport(1_500)

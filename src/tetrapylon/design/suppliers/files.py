"""What lies in the state's folder about a supplier: its key, what it was asked, and its signed answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tetrapylon.design.suppliers.check import Passport, Sheet
from tetrapylon.design.suppliers.questionnaire import LONGEST, Expected, judge, read_asked, read_signed
from tetrapylon.design.suppliers.questions import questions
from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.rootfile import key_of_pem
from tetrapylon.kernel.errors import IntegrityError, MissingError, TetrapylonError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import inside, read_bytes
from tetrapylon.outside.tree import walk
from tetrapylon.posture.case import Anchor
from tetrapylon.posture.inventory import open_passport
from tetrapylon.posture.verify import verify_passport

FOLDER = ".tetrapylon/suppliers"


def key_file(supplier: str) -> str:
    """Return where a supplier's public key lies."""
    return f"{FOLDER}/{supplier}.pub"


def sent_file(supplier: str) -> str:
    """Return where the questionnaire lies that waits for an answer."""
    return f"{FOLDER}/{supplier}.sent.json"


def asked_file(supplier: str) -> str:
    """Return where the questionnaire lies that the answers on file were given to."""
    return f"{FOLDER}/{supplier}.asked.json"


def answers_file(supplier: str) -> str:
    """Return where a supplier's signed answers lie."""
    return f"{FOLDER}/{supplier}.answers.json"


def supplier_key(root: Path, supplier: str) -> PublicKey | None:
    """Return the key that a supplier signs with, or None where none is known.

    Raises:
        UsageError: the file is no public key.
    """
    try:
        data = read_bytes(inside(root, key_file(supplier)), BOUNDS.key)
    except MissingError:
        return None
    return key_of_pem(data.decode("ascii", "replace"))


def nonce_in(root: Path, name: str) -> str | None:
    """Return the number of the questionnaire in a file, or None."""
    try:
        return read_asked(read_bytes(inside(root, name), LONGEST)).nonce
    except TetrapylonError:
        return None


def sheet_on_file(root: Path, expected: Expected, now: str, longest: float) -> Sheet | None:
    """Return the supplier's answers and whether they count, or None where there are none."""
    try:
        data = read_bytes(inside(root, answers_file(expected.supplier)), LONGEST)
    except MissingError:
        return None
    except TetrapylonError as error:
        return Sheet(counts=False, why=error.message)
    return judged(root, data, expected, now, longest)


def judged(root: Path, data: bytes, expected: Expected, now: str, longest: float) -> Sheet:
    """Return whether signed answers count."""
    try:
        key = supplier_key(root, expected.supplier)
        if key is None:
            return Sheet(counts=False, why="no key of the supplier is on file")
        found = read_signed(data, key, check_native)
        return judge(found, expected, questions(), now, longest)
    except TetrapylonError as error:
        return Sheet(counts=False, why=error.message)


def answered_at(root: Path, supplier: str) -> str | None:
    """Return when the answers on file were given, as they say themselves."""
    try:
        key = supplier_key(root, supplier)
        data = read_bytes(inside(root, answers_file(supplier)), LONGEST)
        return None if key is None else read_signed(data, key, check_native).answered
    except TetrapylonError:
        return None


def passport_on_file(root: Path, known: Mapping[str, str]) -> Passport | None:
    """Return what a supplier's passport says offline, or None where there is none."""
    try:
        folder = inside(root, known["passport"])
        files = {name: read_bytes(folder / name, BOUNDS.passport) for name in walk(folder)}
        trust = read_bytes(inside(root, known["trust"]), BOUNDS.json) if known.get("trust") else None
    except MissingError:
        return None
    except TetrapylonError as error:
        return Passport("unreadable", anchored=False, at="1970-01-01T00:00:00Z", why=error.message)
    try:
        found = verify_passport(files, Anchor(root=trust), check_native)
        return Passport(found.verdict, found.anchored, str(open_passport(files).payload["issuedAt"]))
    except IntegrityError as error:
        return Passport("integrity broken", anchored=False, at="1970-01-01T00:00:00Z", why=error.message)
    except TetrapylonError as error:
        return Passport("could not decide", anchored=False, at="1970-01-01T00:00:00Z", why=error.message)

"""What the system's own state keeps: the log and the journal, keys by name and never by content, and assessments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tetrapylon.develop.assets.entry import Entry
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.outside.tree import walk
from tetrapylon.outside.view import Known, View

STATE = ".tetrapylon"
ASSESSMENTS = (
    "access-probe",
    "due-diligence",
    "incident-drill",
    "input-defence-measurement",
    "integrity-check",
    "scan",
    "test-result",
    "threat-model",
    "vulns",
)
"""Kinds of statements that say how good or dangerous something is."""

_FINDINGS = frozenset({"failedTests", "failed"})
"""Keys of assessments under which failures stand: what an attacker would read first."""


def kept_entries(view: View) -> Iterator[Entry]:
    """Yield what lies in the state's folder, and the newest assessment of each kind and subject."""
    yield from _logs(view.root)
    yield from _private_keys(view.root)
    yield from _trust(view.root)
    for predicate in ASSESSMENTS:
        newest = {_about(each): each for each in view.evidence(predicate)}
        yield from (_assessment(predicate, about, each) for about, each in sorted(newest.items()))


def state_of(view: View) -> list[str]:
    """Return the names of what lies in the state's folder: keys, people and trust roots."""
    state = view.root / STATE
    return [f"{folder}/{name}" for folder in ("keys", "people", "trust") for name in _walked(state / folder)]


def _logs(root: Path) -> Iterator[Entry]:
    state = root / STATE
    for name, what in (("ledger", "evidence-log"), ("journal", "journal")):
        files = _walked(state / name)
        if files:
            checkpoint = _bytes(state / "checkpoint") if name == "ledger" else None
            digest = sha256(checkpoint) if checkpoint is not None else None
            note = f"{len(files)} files; the digest is that of its last checkpoint" if digest else f"{len(files)} files"
            yield Entry("logs", what, name, (f"{STATE}/{name}",), "found", digest, note=note)


def _private_keys(root: Path) -> Iterator[Entry]:
    for name in _walked(root / STATE / "keys"):
        # Neither read nor hashed: the digest of a key is a handle to guess it by.
        yield Entry("keys", "private-key", name.removesuffix(".pem"), (f"{STATE}/keys/{name}",), "found", sensitivity="restricted")


def _trust(root: Path) -> Iterator[Entry]:
    """Yield the keys that the newest trust root names: public facts."""
    versions = {int(each.partition(".")[0]): each for each in _walked(root / STATE / "trust") if each.partition(".")[0].isdecimal()}
    if versions:
        name = versions[max(versions)]
        data = _bytes(root / STATE / "trust" / name) or b""
        place = f"{STATE}/trust/{name}"
        yield Entry("keys", "trust-root", name.removesuffix(".json"), (place,), "found", sha256(data), sensitivity="public")
        yield from (Entry("keys", kind, each, (place,), "found", sensitivity="public", note=note) for kind, each, note in _trusted(data))


def _trusted(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield kind, id and standing of each key in a trust root; whether the root is genuine is looked at where trust is verified."""
    try:
        signed = json.loads(data)["signed"]
        yield from (("root-key", str(each), "") for each in sorted(signed["keys"]))
        for each in signed["x-tetrapylon"]["keys"]:
            end = f"revoked at {each['revokedAt']}" if each["revokedAt"] else f"until {each['notAfter']}"
            yield "trusted-key", str(each["keyid"]), f"{each['holder']} ({', '.join(each['roles'])}), {end}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return


def _about(known: Known) -> str:
    return ", ".join(sorted(known.subjects))


def _assessment(predicate: str, about: str, known: Known) -> Entry:
    sensitive = "restricted" if any(known.payload.get(key) for key in _FINDINGS) else None
    place = f"log record {known.record}"
    digest = _digest(known.payload)
    return Entry("assessments", predicate, about, (place,), "evidence", digest, sensitivity=sensitive, note=f"of {known.observed_to}")


def _digest(payload: Json) -> Digest:
    return sha256(canonical_json(dict(payload)))


def _walked(folder: Path) -> list[str]:
    try:
        return walk(folder)
    except MissingError:
        return []


def _bytes(path: Path) -> bytes | None:
    try:
        return read_bytes(path, BOUNDS.json)
    except MissingError:
        return None

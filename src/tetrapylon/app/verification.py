"""What a customer brings to a verification."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tetrapylon.app import wiring
from tetrapylon.evidence.ledger import Entry, Ledger
from tetrapylon.evidence.predicate import decode, predicate_type
from tetrapylon.evidence.signer import sign_statement
from tetrapylon.evidence.signers.file import load_key
from tetrapylon.evidence.statement import Statement, Subject
from tetrapylon.evidence.stores.files import open_store
from tetrapylon.kernel.digest import parse_digest, sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import read_bytes
from tetrapylon.outside.tree import hash_path
from tetrapylon.posture.answer import Verification
from tetrapylon.posture.case import Anchor


def make_anchor(base: Path, *, trust: str | None, artefacts: Sequence[str], last: str | None, require: str | None) -> Anchor:
    """Return what the caller brings from outside the passport; paths are relative to `base`."""
    fingerprint = trust if trust and re.fullmatch(r"sha256:[0-9a-f]{64}", trust) else None
    return Anchor(
        root=read_bytes(base / trust, BOUNDS.json) if trust and fingerprint is None else None,
        fingerprint=fingerprint,
        last=read_bytes(base / last, BOUNDS.json) if last else None,
        artefacts=tuple((each, hash_path(base / each)) for each in artefacts) if artefacts else None,
        require=require,
    )


def record_verification(found: Verification, ledger: Path, key: Path | None, passphrase_file: str | None) -> int:
    """Record in the customer's own log that a supplier's passport was verified, and how; return the record's index.

    Raises:
        UsageError: no key was given, or the key is not one that signs statements.
    """
    if key is None:
        raise UsageError("a record needs a key that signs it", hint="give `--key K`", code="no-key")
    signer = load_key(key, wiring.read_passphrase(passphrase_file))
    now = SystemClock().now()
    payload = {
        "observedFrom": now,
        "observedTo": now,
        "supplier": str(found.system["id"]),
        "release": str(found.system["release"]),
        "verdict": found.verdict,
        "exit": int(found.exit),
        "anchored": found.anchored,
        "root": found.fingerprint,
        "profile": found.profile,
        "checkpoint": sha256(found.checkpoint),
    }
    decode("passport-verification", payload)
    subject = Subject(str(found.system["id"]), parse_digest(str(found.system["digest"])))
    statement = Statement((subject,), predicate_type("passport-verification"), payload)
    return Ledger(open_store(str(ledger))).record([Entry(sign_statement(statement, [signer]))], now)[0].index

"""What is asked of the log itself: show it, verify it, export it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.project import Project
from tetrapylon.app.records import read_records, record_of
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.note import check_checkpoint
from tetrapylon.evidence.predicate import name_of
from tetrapylon.evidence.statement import read_statement
from tetrapylon.evidence.trust import check_signature
from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.kernel.merkle import leaf_hash, verify_inclusion

PUBLISHED = ("checkpoint", "tile")
"""What a reader of the log needs; objects and envelopes stay with the provider."""


def log_rows(project: Project, limit: int) -> list[dict[str, Any]]:
    """Return the newest records as data, oldest first; `limit` 0 returns all."""
    ledger = wiring.open_ledger(project)
    rows: list[dict[str, Any]] = []
    for index, leaf in enumerate(ledger.leaves()):
        if limit and index < ledger.size - limit:
            continue
        envelope = ledger.envelope(leaf)
        names = [each.name for each in read_statement(envelope.payload).subjects] if envelope else ["(erased)"]
        row = {"record": index, "recordedAt": leaf.recorded_at, "predicate": _name(leaf.predicate_type), "subjects": names}
        rows.append({**row, "envelope": leaf.envelope, "keyid": leaf.keyid})
    return rows


def prove_record(project: Project, index: int) -> dict[str, Any]:
    """Return one record with its statement, after its signature and its place under the log's root were checked.

    Raises:
        MissingError: the log does not reach so far.
        IntegrityError: something does not hold.
    """
    ledger, trust = wiring.open_ledger(project), wiring.load_trust(project)
    leaf = ledger.leaf(index)
    envelope = ledger.envelope(leaf)
    record = record_of(index, leaf, envelope, trust, demo=True)
    proof = ledger.inclusion(index)
    verify_inclusion(leaf_hash(leaf.to_bytes()), index, ledger.size, proof, ledger.root())
    signers = check_signature(envelope, trust, check_native, leaf.recorded_at).verified if envelope else ()
    return {
        "record": index,
        "predicate": _name(leaf.predicate_type),
        "recordedAt": leaf.recorded_at,
        "observedTo": leaf.observed_to,
        "envelope": leaf.envelope,
        "subjects": [{"name": each.name, "digest": each.digest} for each in record.statement.subjects] if record.statement else [],
        "statement": dict(record.statement.predicate) if record.statement else None,
        "signers": [{"holder": each.holder, "roles": list(each.roles), "keyid": each.key.keyid, "demo": each.demo} for each in signers],
        "log": {"size": ledger.size, "root": ledger.root().hex(), "proof": [each.hex() for each in proof]},
    }


def _name(predicate_type: str) -> str:
    try:
        return name_of(predicate_type)
    except (UsageError, IntegrityError):
        return predicate_type


def verify_log(project: Project) -> dict[str, Any]:
    """Check every record, its envelope and signatures, and the published checkpoint.

    Raises:
        IntegrityError: something does not hold.
    """
    ledger = wiring.open_ledger(project)
    trust = wiring.load_trust(project)
    records = read_records(ledger, trust, demo=project.demo)
    note = ledger.store.checkpoint()
    if note is None:
        if records:
            raise IntegrityError(
                "the log has records but no checkpoint", hint="run `tetrapylon log admit` to publish one", code="checkpoint"
            )
        return {"size": 0, "root": ledger.root().hex(), "checkpoint": 0}
    checkpoint, checked = check_checkpoint(note, [(trust.root.origin, each) for each in trust.root.log_keys], check_native)
    missing = [each.algorithm for each in trust.root.log_keys if each.keyid not in checked.verified]
    if missing:
        raise IntegrityError(f"the checkpoint is not signed by the log's {' and '.join(missing)} key", code="checkpoint-signature")
    return {"size": ledger.size, "root": ledger.root().hex(), "checkpoint": checkpoint.size}


def export_log(project: Project, target: Path) -> int:
    """Copy the published files of the log to a new folder and return the number of records.

    Raises:
        UsageError: the folder is there already.
        IntegrityError: the log does not verify, so it is not handed out.
    """
    if target.exists():
        raise UsageError(f"`{target}` is there already", hint="name a new folder", code="exists")
    size = int(verify_log(project)["size"])
    target.mkdir(parents=True)
    for name in PUBLISHED:
        source = project.state("ledger", name)
        if source.is_dir():
            shutil.copytree(source, target / name)
        elif source.is_file():
            shutil.copy2(source, target / name)
    return size

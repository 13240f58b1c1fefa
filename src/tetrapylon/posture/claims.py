"""Check a passport's log and claims: everything recorded is here or marked, proved, signed and about this release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tetrapylon.evidence.envelope import Envelope, read_envelope
from tetrapylon.evidence.leaf import Leaf, read_leaf
from tetrapylon.evidence.note import Checkpoint
from tetrapylon.evidence.proof import parse_proof
from tetrapylon.evidence.rootfile import Grant
from tetrapylon.evidence.statement import Statement, read_statement
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.kernel.merkle import Tree, leaf_hash, verify_inclusion
from tetrapylon.posture.case import Case
from tetrapylon.posture.decision import Basis
from tetrapylon.posture.fold import Record


@dataclass(frozen=True)
class Log:
    """The log as the passport shows it, led to the root of its checkpoint."""

    leaves: tuple[Leaf, ...]
    tree: Tree
    checkpoint: Checkpoint
    time: str


@dataclass(frozen=True)
class Claims:
    """Every log record, with its statement where the passport holds the claim, and who signed those."""

    records: tuple[Record, ...]
    signers: Mapping[int, tuple[Grant, ...]]


def check_log(case: Case) -> Log:
    """Return the log's records, which lead to the checkpoint's root and are in order of time.

    Raises:
        IntegrityError: `checkpoint`, `checkpoint-signature`, `time-order`, or as `read_leaf`.
    """
    checkpoint, time = case.checkpoint(case.passport.file("checkpoint"), "the checkpoint")
    lines = case.passport.lines("leaves.jsonl")
    tree = Tree(leaf_hash(each) for each in lines)
    if len(lines) != checkpoint.size or tree.root() != checkpoint.root:
        raise IntegrityError("the log's records do not lead to the root that its checkpoint signs", code="checkpoint")
    if case.passport.payload["log"] != {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}:
        raise IntegrityError("the passport was signed over another checkpoint than the one it holds", code="checkpoint")
    leaves = tuple(read_leaf(each, f"log record {index}") for index, each in enumerate(lines))
    before = ""
    for index, leaf in enumerate(leaves):
        if not before <= leaf.recorded_at <= time:
            raise IntegrityError(f"log record {index} is out of order in time", code="time-order")
        before = leaf.recorded_at
    return Log(leaves, tree, checkpoint, time)


def check_continues(case: Case, log: Log) -> None:
    """Check that this log continues the one that the caller saw last.

    Raises:
        IntegrityError: it is shorter (`older`), or another one (`fork`).
    """
    if case.anchor.last is None:
        return
    last, _ = case.checkpoint(case.anchor.last, "the checkpoint that you kept")
    if last.size > log.checkpoint.size:
        raise IntegrityError(f"this passport is older than what you saw: {log.checkpoint.size} log records, not {last.size}", code="older")
    if log.tree.root(last.size) != last.root:
        raise IntegrityError("the log was forked: it does not continue the one you saw", code="fork")


def check_claims(case: Case, log: Log, basis: Basis) -> Claims:
    """Return every log record with its claim, or the mark that says why it is not here.

    Raises:
        IntegrityError: `claim-dropped`, `inclusion`, `signature`, `role`, `subject-mismatch`, `record-mismatch`, …
    """
    envelopes, marked = _envelopes(case), _marks(case, len(log.leaves))
    current = frozenset(each.digest for each in basis.assets)
    records: list[Record] = []
    signers: dict[int, tuple[Grant, ...]] = {}
    for index, leaf in enumerate(log.leaves):
        envelope = envelopes.get((leaf.envelope, leaf.keyid))
        _here_or_marked(index, leaf, envelope, marked.get(index), current)
        if envelope is None:
            records.append(Record(index, leaf, None, frozenset()))
            continue
        _check_proof(case, log, index)
        statement = _said(index, leaf, envelope, current)
        signers[index] = case.signatures(envelope, leaf.recorded_at, f"claim {index}").verified
        records.append(Record(index, leaf, statement, _roles(basis, index, leaf, signers[index])))
    if set(envelopes) - {(each.envelope, each.keyid) for each in log.leaves}:
        raise IntegrityError("a claim is not in the log", code="inclusion")
    _no_other_proofs(case, signers)
    return Claims(tuple(records), signers)


def _envelopes(case: Case) -> dict[tuple[Digest, str], Envelope]:
    """Return the claims by signed bytes and first key: two people may sign the same words, and a log may hold them twice."""
    found: dict[tuple[Digest, str], Envelope] = {}
    for number, line in enumerate(case.passport.lines("claims.jsonl"), start=1):
        envelope = read_envelope(line, f"line {number} of `claims.jsonl`")
        name = (envelope.digest, envelope.signatures[0].keyid)
        if name in found:
            raise IntegrityError(f"line {number} of `claims.jsonl` repeats a claim", code="non-canonical")
        found[name] = envelope
    return found


def _marks(case: Case, size: int) -> dict[int, Mapping[str, Json]]:
    found: dict[int, Mapping[str, Json]] = {}
    for each in case.passport.payload["withheld"]:
        index = each.get("record") if isinstance(each, dict) else None
        if not isinstance(index, int) or isinstance(index, bool) or index in found or not 0 <= index < size:
            raise IntegrityError("the passport's list of withheld claims is malformed", code="malformed")
        found[index] = each
    return found


def _here_or_marked(index: int, leaf: Leaf, envelope: Envelope | None, mark: Mapping[str, Json] | None, current: frozenset[Digest]) -> None:
    if envelope is None and mark is None:
        raise IntegrityError(f"the claim of log record {index} was dropped without a mark", code="claim-dropped")
    if envelope is not None and mark is not None:
        raise IntegrityError(f"the claim of log record {index} is here although it is marked as withheld", code="claim-dropped")
    if mark is not None and mark.get("why") == "other-release" and not current.isdisjoint(leaf.subjects):
        raise IntegrityError(f"the claim of log record {index} is about this release but marked as another's", code="claim-dropped")


def _check_proof(case: Case, log: Log, index: int) -> None:
    name = f"proofs/{index:06d}.tlog-proof"
    proof = parse_proof(case.passport.file(name))
    if proof.checkpoint != case.passport.file("checkpoint") or proof.index != index:
        raise IntegrityError(f"`{name}` proves something else", code="inclusion")
    verify_inclusion(log.tree.levels[0][index], index, log.checkpoint.size, proof.hashes, log.checkpoint.root)


def _no_other_proofs(case: Case, signers: Mapping[int, Sequence[Grant]]) -> None:
    wanted = {f"proofs/{index:06d}.tlog-proof" for index in signers}
    for name in case.passport.files:
        if name.startswith("proofs/") and name not in wanted:
            raise IntegrityError(f"`{name}` proves no claim of this passport", code="inclusion")


def _said(index: int, leaf: Leaf, envelope: Envelope, current: frozenset[Digest]) -> Statement:
    """Return the claim's statement, which must be what the log recorded, about this release."""
    statement = read_statement(envelope.payload, f"claim {index}")
    subjects = tuple(dict.fromkeys(each.digest for each in statement.subjects))
    times = (statement.observed_from or leaf.observed_from, statement.observed_to or leaf.observed_to)
    recorded = (leaf.predicate_type, leaf.subjects, (leaf.observed_from, leaf.observed_to), leaf.keyid)
    if (statement.predicate_type, subjects, times, envelope.signatures[0].keyid) != recorded:
        raise IntegrityError(f"claim {index} says something else than the log recorded", code="record-mismatch")
    if not current.issuperset(subjects):
        raise IntegrityError(f"claim {index} is about something else than this release", code="subject-mismatch")
    return statement


def _roles(basis: Basis, index: int, leaf: Leaf, signers: Sequence[Grant]) -> frozenset[str]:
    held = frozenset(role for grant in signers for role in grant.roles)
    names = {uri: name for name, uri in basis.policy["predicates"].items()}
    name = names.get(leaf.predicate_type, leaf.predicate_type)
    if signers and held.isdisjoint(basis.policy["roles"].get(name, ())):
        raise IntegrityError(f"claim {index} was signed by a key that may not make a `{name}` claim", code="role")
    if any(grant.demo for grant in signers) and not basis.manifest["system"].get("demo", False):
        raise IntegrityError(f"claim {index} was signed by a demonstration key", code="demo-key")
    return held

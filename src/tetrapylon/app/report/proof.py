"""The evidence that states rest on: which record, who signed it in which role, and where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.decide import Decided
from tetrapylon.app.project import Project
from tetrapylon.app.recording import pending
from tetrapylon.evidence.envelope import Envelope, read_envelope
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.rootfile import Grant
from tetrapylon.evidence.trust import Trust, check_signature
from tetrapylon.kernel.errors import IntegrityError, TetrapylonError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.posture.answer import COUNTERSIGNED, ENFORCED, WORD, origin_of
from tetrapylon.posture.claims import Claims
from tetrapylon.posture.fold import Record
from tetrapylon.posture.state import PracticeState, State


@dataclass(frozen=True)
class Proof:
    """One log record as evidence."""

    record: int
    predicate: str
    subjects: tuple[str, ...]
    observed: str
    recorded: str
    envelope: str
    signers: tuple[str, ...]
    """Who signed and in which roles, such as `build (build)`."""

    origin: str
    practices: tuple[str, ...]
    draft: bool = False
    """Whether it waits to enter the log."""

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        found = {"record": self.record, "predicate": self.predicate, "subjects": list(self.subjects), "observed": self.observed}
        found |= {"recorded": self.recorded, "envelope": self.envelope, "signers": list(self.signers), "origin": self.origin}
        return {**found, "practices": list(self.practices), "draft": self.draft}


@dataclass(frozen=True)
class Proofs:
    """The evidence that was asked for, where each practice comes from, and how many other records there are."""

    by_record: Mapping[int, Proof]
    origins: Mapping[str, str]
    others: Mapping[str, int]


def proofs(project: Project, decided: Decided, used: Sequence[int]) -> Proofs:
    """Return the evidence of these records; their signatures are checked once more to name every signer."""
    policy, catalogue = _basis(decided)
    names = {uri: name for name, uri in policy["predicates"].items()}
    records = {each.index: each for each in decided.records}
    signers = _all_signers(project, [records[index] for index in used if index in records])
    readers = _readers(decided)
    enforced = _enforced(catalogue)
    size = decided.decision["log"]["size"] - decided.drafts
    found = {
        index: _proof(records[index], names, signers[index], tuple(readers.get(index, ())), enforced, draft=index >= size)
        for index in signers
    }
    others = Counter(names.get(each.leaf.predicate_type, each.leaf.predicate_type) for each in decided.records if each.index not in found)
    return Proofs(found, _origins(decided, catalogue, signers), dict(sorted(others.items())))


def _basis(decided: Decided) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    if decided.basis is None:
        raise AssertionError("unreachable: every decision that is shown carries its basis")
    return decided.basis.policy, decided.basis.catalogue


def _all_signers(project: Project, records: Sequence[Record]) -> dict[int, tuple[Grant, ...]]:
    if not records:
        return {}
    ledger, trust = wiring.open_ledger(project), wiring.load_trust(project)
    waiting = _waiting(project) if records[-1].index >= ledger.size else {}
    found: dict[int, tuple[Grant, ...]] = {}
    for each in records:
        envelope = ledger.envelope(each.leaf) if each.index < ledger.size else waiting.get(each.leaf.envelope)
        found[each.index] = _signers(envelope, trust, each.leaf.recorded_at)
    return found


def _waiting(project: Project) -> dict[str, Envelope]:
    """Return the drafts by the digest of what is signed; one that cannot be read proves nothing."""
    found: dict[str, Envelope] = {}
    for path in pending(project):
        with suppress(TetrapylonError):
            envelope = read_envelope(read_bytes(path, BOUNDS.json), f"`{path.name}`")
            found[envelope.digest] = envelope
    return found


def _signers(envelope: Envelope | None, trust: Trust, at: str) -> tuple[Grant, ...]:
    """Return the grants of everybody who signed; an erased statement has none."""
    try:
        return check_signature(envelope, trust, check_native, at).verified if envelope else ()
    except IntegrityError:
        return ()


def _readers(decided: Decided) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for each in decided.decision["practices"]:
        for index in each["evidence"]:
            found.setdefault(index, []).append(each["id"])
    return found


def _enforced(catalogue: Mapping[str, Any]) -> frozenset[str]:
    """Return the predicates that only an enforcement leaves: no practice reads them otherwise."""
    legs: dict[str, set[str]] = {}
    for practice in catalogue["practice"]:
        for part in practice.get("part", ()):
            if "predicate" in part:
                legs.setdefault(part["predicate"], set()).add(part["leg"])
    return frozenset(name for name, found in legs.items() if found == {"E"})


def _proof(
    record: Record,
    names: Mapping[str, str],
    signers: Sequence[Grant],
    practices: tuple[str, ...],
    enforced: frozenset[str],
    *,
    draft: bool,
) -> Proof:
    leaf, statement = record.leaf, record.statement
    predicate = names.get(leaf.predicate_type, leaf.predicate_type)
    subjects = tuple(dict.fromkeys(each.name for each in statement.subjects)) if statement else ("(erased)",)
    origin = COUNTERSIGNED if any(each.independent for each in signers) else ENFORCED if predicate in enforced else WORD
    said = tuple(f"{each.holder} ({', '.join(each.roles)})" for each in signers)
    return Proof(record.index, predicate, subjects, leaf.observed_to, leaf.recorded_at, leaf.envelope, said, origin, practices, draft)


def _origins(decided: Decided, catalogue: Mapping[str, Any], signers: Mapping[int, tuple[Grant, ...]]) -> dict[str, str]:
    parts = {each["id"]: each.get("part", []) for each in catalogue["practice"]}
    claims = Claims(tuple(decided.records), signers)
    found: dict[str, str] = {}
    for each in decided.decision["practices"]:
        state = PracticeState(each["id"], State(each["state"]), each["reason"], tuple(each["evidence"]))
        found[each["id"]] = origin_of(parts.get(each["id"], ()), state, claims)
    return found

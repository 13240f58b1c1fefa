"""Decide a release, record the decision, and make recorded decisions again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.assets import Release, read_release
from tetrapylon.app.guidance import catalogue
from tetrapylon.app.listening import SILENT, Listener
from tetrapylon.app.project import Project
from tetrapylon.app.recording import Recorder, pending, read_admissible, subject
from tetrapylon.app.records import read_records, record_of
from tetrapylon.evidence.leaf import Leaf
from tetrapylon.evidence.ledger import Ledger
from tetrapylon.evidence.note import Checkpoint
from tetrapylon.evidence.predicate import predicate_type
from tetrapylon.evidence.statement import Statement, read_statement
from tetrapylon.kernel.canonical import canonical_json, read_json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import MissingError, TetrapylonError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.posture.decision import (
    Basis,
    assets_of,
    basis_objects,
    decide,
    decision_digest,
    decision_predicate,
    read_decision,
    replay,
    svr_predicate,
    vsa_predicate,
)
from tetrapylon.posture.fold import Record

RELEASE_MANAGER = ("release-manager",)


@dataclass(frozen=True)
class Decided:
    """A decision, and whether it was recorded."""

    decision: Mapping[str, Any]
    digest: Digest
    recorded: bool
    drafts: int = 0
    """How many drafts were looked at that are not in the log."""

    basis: Basis | None = None
    records: Sequence[Record] = ()
    """What was decided on, for whoever shows it."""


def assess_now(project: Project, policy: Mapping[str, Any], now: str, listener: Listener = SILENT) -> Decided:
    """Return what a gate would decide now, on the log and the drafts of this machine; nothing is recorded."""
    return decide_on(project, policy, read_release(project, listener), counted_records(project, policy, now), now)


def decide_on(project: Project, policy: Mapping[str, Any], release: Release, records: Sequence[Record], now: str) -> Decided:
    """Return what a gate would decide on a release that was hashed and records that were verified already."""
    ledger = wiring.open_ledger(project)
    basis = _basis(ledger, project, policy, release, size=len(records), root=ledger.root())
    decision = decide(basis, records, now)
    return Decided(decision, decision_digest(decision), recorded=False, drafts=len(records) - ledger.size, basis=basis, records=records)


def counted_records(project: Project, policy: Mapping[str, Any], now: str) -> list[Record]:
    """Return the records of the log, and after them the drafts of this machine as if they had been recorded."""
    records = _records(project, wiring.open_ledger(project))
    return [*records, *_drafted(project, policy, len(records), now)]


def gate(recorder: Recorder, *, ratchet: bool = False, listener: Listener = SILENT) -> Decided:
    """Decide the release on the log as it is, and record the decision, a VSA and an SVR.

    Raises:
        ConflictError: somebody recorded something meanwhile; nothing was decided.
    """
    project, policy = recorder.project, recorder.policy
    ledger = wiring.open_ledger(project)
    if not recorder.to_log:
        return assess_now(project, policy, recorder.now, listener)
    previous = last_decision(ledger) if ratchet else None
    release = read_release(project, listener)
    basis = _basis(ledger, project, policy, release, size=ledger.size, root=ledger.root(), previous=previous)
    records = _records(project, ledger)
    # Hashing may have taken long; and `--at` the time that a decision names must find it, so it is recorded at that very time.
    now = max(SystemClock().now(), recorder.now, *(each.leaf.recorded_at for each in records[-1:]))
    decision = decide(basis, records, now)
    for data in (*basis_objects(basis).values(), canonical_json(decision)):
        ledger.store.put(data)
    signed = [recorder.sign(each, RELEASE_MANAGER) for each in _statements(basis, decision)]
    recorder.append(signed, expected_size=basis.checkpoint.size, at=now)
    return Decided(decision, decision_digest(decision), recorded=True, basis=basis, records=records)


def _records(project: Project, ledger: Ledger, stop: int | None = None) -> list[Record]:
    if ledger.size == 0:
        return []
    return read_records(ledger, wiring.load_trust(project), demo=project.demo, stop=stop)


def _drafted(project: Project, policy: Mapping[str, Any], size: int, now: str) -> list[Record]:
    """Return the drafts of this machine as if they had been recorded after the log; what cannot be admitted does not count."""
    recorder = Recorder(project, policy, None, now=now)
    found: list[Record] = []
    for path in pending(project):
        try:
            envelope = read_admissible(recorder, path)
            statement = read_statement(envelope.payload)
            subjects = tuple(dict.fromkeys(each.digest for each in statement.subjects))
            times = (statement.observed_from or now, statement.observed_to or now, now)
            leaf = Leaf(envelope.digest, statement.predicate_type, subjects, envelope.signatures[0].keyid, *times)
            found.append(record_of(size + len(found), leaf, envelope, wiring.load_trust(project), demo=project.demo))
        except TetrapylonError:
            # An unsigned draft of a machine without keys proves nothing; the practice stays UNKNOWN.
            continue
    return found


def _basis(
    ledger: Ledger,
    project: Project,
    policy: Mapping[str, Any],
    release: Release,
    *,
    size: int,
    root: bytes,
    previous: Mapping[str, Any] | None = None,
) -> Basis:
    origin = wiring.load_trust(project).root.origin if ledger.size else f"tetrapylon.example/{project.system_id}"
    checkpoint = Checkpoint(origin, size, root)
    return Basis(catalogue(), policy, project.facts, release.refs(), release.digest, checkpoint, previous)


def _statements(basis: Basis, decision: Mapping[str, Any]) -> list[Statement]:
    about = (subject("release", basis.release_digest),)
    predicates = {"gate-decision": decision_predicate(decision), "vsa": vsa_predicate(decision), "svr": svr_predicate(decision)}
    return [Statement(about, predicate_type(name), predicate) for name, predicate in predicates.items()]


@dataclass(frozen=True)
class RecordedDecision:
    """A decision of the log: its place, the time it was recorded, and its bytes."""

    index: int
    recorded_at: str
    digest: Digest


def decisions(ledger: Ledger) -> list[RecordedDecision]:
    """Return the decisions of the log, in order."""
    wanted = predicate_type("gate-decision")
    found: list[RecordedDecision] = []
    for index, leaf in enumerate(ledger.leaves()):
        envelope = ledger.envelope(leaf) if leaf.predicate_type == wanted else None
        if envelope is not None:
            statement = read_statement(envelope.payload)
            found.append(RecordedDecision(index, leaf.recorded_at, Digest(statement.predicate["decision"])))
    return found


def last_decision(ledger: Ledger) -> dict[str, Any] | None:
    """Return the last recorded decision, or None."""
    found = decisions(ledger)
    return read_decision(ledger.store.get(found[-1].digest)) if found else None


def find_decision(ledger: Ledger, *, at: str | None = None, digest: str | None = None) -> RecordedDecision:
    """Return the decision with this digest, or the last one recorded at or before `at` (default: the last).

    Raises:
        MissingError: there is none.
    """
    found = decisions(ledger)
    if digest is not None:
        found = [each for each in found if each.digest.startswith(digest if ":" in digest else f"sha256:{digest}")]
    if at is not None:
        found = [each for each in found if each.recorded_at <= at]
    if not found:
        raise MissingError("the log holds no such decision", hint="run `tetrapylon log show` to see which it holds", code="no-decision")
    return found[-1]


def decide_again(project: Project, decided: RecordedDecision) -> Decided:
    """Make a recorded decision again from exactly the log prefix and objects that it names.

    Raises:
        IntegrityError: it came out differently (`decision-mismatch`), or an object is not what it was.
    """
    ledger = wiring.open_ledger(project)
    recorded = ledger.store.get(decided.digest)
    basis = recorded_basis(ledger, read_decision(recorded))
    records = _records(project, ledger, basis.checkpoint.size)
    again = replay(basis, records, recorded)
    return Decided(again, decision_digest(again), recorded=True, basis=basis, records=records)


def recorded_basis(ledger: Ledger, decision: Mapping[str, Any]) -> Basis:
    """Return what a recorded decision stands on, read from the store by digest."""
    named = decision["basis"]
    objects = {name: read_json(ledger.store.get(named[name]), name) for name in ("catalogue", "policy", "manifest", "assets")}
    previous = None if named["previous"] is None else read_decision(ledger.store.get(named["previous"]))
    size = decision["log"]["size"]
    return Basis(
        catalogue=objects["catalogue"],
        policy=objects["policy"],
        manifest=objects["manifest"],
        assets=assets_of(objects["assets"]),
        release_digest=Digest(decision["system"]["digest"]),
        checkpoint=Checkpoint(decision["log"]["origin"], size, ledger.root(size)),
        previous=previous,
    )


def names_of(states: Sequence[Mapping[str, Any]], *wanted: str) -> list[str]:
    """Return the ids of the practices in any of the states."""
    return [each["id"] for each in states if each["state"] in wanted]

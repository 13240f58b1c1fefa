"""Everything that an auditor asks of a period, gathered from the log: nothing is measured, and nothing of the future is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tetrapylon.app import decide, wiring
from tetrapylon.app.listening import SILENT, Listener, told
from tetrapylon.app.project import Project
from tetrapylon.app.records import read_records
from tetrapylon.app.report.gather import decisions_in
from tetrapylon.app.report.period.points import NOT_KNOWN, Decided, Point, Span, points, spans, times
from tetrapylon.app.report.period.samples import Sample, default_seed, drawn
from tetrapylon.app.report.waivers import Exemption, exemptions
from tetrapylon.evidence.ledger import Ledger
from tetrapylon.evidence.predicate import predicate_types
from tetrapylon.evidence.rootfile import Grant
from tetrapylon.evidence.trust import Trust
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.errors import IntegrityError, UsageError
from tetrapylon.kernel.merkle import leaf_hash, verify_inclusion
from tetrapylon.posture.decision import read_decision, replay
from tetrapylon.posture.fold import Record
from tetrapylon.posture.state import State

WITHOUT_EVIDENCE = frozenset({State.UNKNOWN, State.STALE, NOT_KNOWN})
EVERY = "every practice"
DAYS = 3660
"""How long a period may be."""


@dataclass(frozen=True)
class Asked:
    """A period as it is asked for: the first and last day, the size of the sample, the seed."""

    first: date
    last: date
    samples: int = 20
    seed: str | None = None


@dataclass(frozen=True)
class Past:
    """One decision of the period, made again."""

    decided: Decided
    same: bool


@dataclass(frozen=True)
class Key:
    """A key as the root of trust in force speaks of it, and what it signed in the period."""

    grant: Grant
    signed: int


@dataclass(frozen=True)
class Period:
    """What is known of a period."""

    facts: Mapping[str, Any]
    since: str
    until: str
    points: int
    spans: Mapping[str, Sequence[Span]]
    gaps: tuple[Span, ...]
    """Times without valid evidence: UNKNOWN, STALE, or before the first decision."""

    failures: tuple[Span, ...]
    decisions: tuple[Past, ...]
    exemptions: tuple[Exemption, ...]
    samples: tuple[Sample, ...]
    seed: str
    keys: tuple[Key, ...]
    records: int
    """How many records the log took in the period."""

    log: tuple[int, str]
    """Size and root of the log that this was read from."""

    titles: Mapping[str, str]
    fingerprint: str


def check_period(asked: Asked, now: str) -> None:
    """Check what is asked for.

    Raises:
        UsageError: it ends before it begins (`backwards`), in the future (`future`), or is too long (`too-long`).
    """
    today = date.fromisoformat(now[:10])
    if asked.last > today:
        raise UsageError(
            f"{asked.last} is still to come: there is no evidence of the future",
            hint=f"give a day up to today, such as `--to {today}`",
            code="future",
        )
    if asked.last < asked.first:
        raise UsageError(
            f"the period ends on {asked.last}, before it begins on {asked.first}", hint="give `--from` first", code="backwards"
        )
    if (asked.last - asked.first).days > DAYS:
        raise UsageError(f"the period is longer than {DAYS} days", hint="ask for parts of it", code="too-long")


def gather_period(project: Project, asked: Asked, now: str, listener: Listener = SILENT) -> Period:
    """Return what is known of the period; one that ends today ends now."""
    check_period(asked, now)
    since, until = f"{asked.first}T00:00:00Z", min(f"{asked.last}T23:59:59Z", now)
    ledger, trust = wiring.open_ledger(project), wiring.load_trust(project)
    records = read_records(ledger, trust, demo=project.demo)
    decided = [_decided(ledger, each) for each in decisions_in(records)]
    moments = times(asked.first, until, decided)
    found = list(points(told(listener, "the period", moments, moments), records, decided))
    practices = _practices([each for each in decided if each.recorded_at <= until])
    rows = spans(found, practices, lambda one, other: (one.state, one.reason) == (other.state, other.reason))
    within = [each for each in records if since <= each.leaf.recorded_at <= until]
    seed = asked.seed or default_seed(ledger.root(_size_at(records, until)), f"{asked.first}/{asked.last}")
    return Period(
        facts=project.facts,
        since=since,
        until=until,
        points=len(found),
        spans=rows,
        gaps=_runs(found, practices, without=True),
        failures=_runs(found, practices, without=False),
        decisions=tuple(_past(records, each) for each in decided if since <= each.recorded_at <= until),
        exemptions=_exemptions(records, decided, since, until),
        samples=tuple(_sample(ledger, trust, each) for each in drawn(within, _names(), seed, asked.samples)),
        seed=seed,
        keys=_keys(trust, within, since, until),
        records=len(within),
        log=(ledger.size, ledger.root().hex()),
        titles=_titles(decided),
        fingerprint=trust.fingerprint,
    )


def _names() -> dict[str, str]:
    return {uri: name for name, uri in predicate_types().items()}


def _size_at(records: Sequence[Record], time: str) -> int:
    return sum(each.leaf.recorded_at <= time for each in records)


def _decided(ledger: Ledger, place: decide.RecordedDecision) -> Decided:
    decision = read_decision(ledger.store.get(place.digest))
    return Decided(place.index, place.recorded_at, place.digest, decision, decide.recorded_basis(ledger, decision))


def _practices(decided: Sequence[Decided]) -> list[str]:
    """Return every practice that a decision was made by, in the order of the newest catalogue."""
    chosen = {practice for each in decided for practice in each.basis.policy["practices"]}
    order = [each["id"] for each in decided[-1].basis.catalogue["practice"]] if decided else []
    return [each for each in order if each in chosen] + sorted(chosen - set(order))


def _titles(decided: Sequence[Decided]) -> dict[str, str]:
    return {each["id"]: each["title"] for past in decided for each in past.basis.catalogue["practice"]}


def _runs(found: Sequence[Point], practices: Sequence[str], *, without: bool) -> tuple[Span, ...]:
    """Return the times in which a practice had no valid evidence, or in which it failed; another reason is no other time.

    What is not known of any practice, before the first decision, is one time of them all.
    """

    def wanted(state: str) -> bool:
        return state in WITHOUT_EVIDENCE if without else state == State.FAIL

    def same(one: Span, other: Span) -> bool:
        return wanted(one.state) and wanted(other.state) and (one.state == NOT_KNOWN) == (other.state == NOT_KNOWN)

    runs = [each for row in spans(found, practices, same).values() for each in row if wanted(each.state)]
    unknown = [replace(each, practice=EVERY) for each in runs if each.state == NOT_KNOWN]
    return (*dict.fromkeys(unknown), *(each for each in runs if each.state != NOT_KNOWN))


def _past(records: Sequence[Record], decided: Decided) -> Past:
    try:
        replay(decided.basis, records[: decided.basis.checkpoint.size], canonical_json(decided.decision))
    except IntegrityError:
        return Past(decided, same=False)
    return Past(decided, same=True)


def _exemptions(records: Sequence[Record], decided: Sequence[Decided], since: str, until: str) -> tuple[Exemption, ...]:
    """Return the waivers that held at any time of the period, as they stood at its end."""
    if not decided:
        return ()
    known = [each for each in records if each.leaf.recorded_at <= until]
    return tuple(each for each in exemptions(known, decided[-1].basis.policy, until) if each.expires >= since)


def _sample(ledger: Ledger, trust: Trust, record: Record) -> Sample:
    leaf, statement = record.leaf, record.statement
    subjects = tuple(dict.fromkeys(each.name for each in statement.subjects)) if statement else ("(erased)",)
    grant = trust.root.grants.get(leaf.keyid)
    signers = (f"{grant.holder} ({', '.join(grant.roles)})",) if grant and statement else ()
    verify_inclusion(leaf_hash(leaf.to_bytes()), record.index, ledger.size, ledger.inclusion(record.index), ledger.root())
    said = "signature, validity of the key then, and place in the log" if statement else "place in the log; the statement was erased"
    name = _names().get(leaf.predicate_type, leaf.predicate_type)
    return Sample(record.index, name, subjects, leaf.observed_to, leaf.recorded_at, leaf.envelope, signers, said)


def _keys(trust: Trust, within: Sequence[Record], since: str, until: str) -> tuple[Key, ...]:
    """Return the keys that were valid at any time of the period."""
    signed = Counter(each.leaf.keyid for each in within)
    found = [
        Key(grant, signed[keyid])
        for keyid, grant in trust.root.grants.items()
        if grant.not_before <= until and grant.not_after >= since and (grant.revoked_at is None or grant.revoked_at >= since)
    ]
    return tuple(sorted(found, key=lambda each: (each.grant.holder, each.grant.roles, each.grant.key.keyid)))

"""The points of time at which a period is looked at, and the state of each practice at each of them.

Points are the period's beginning, each decision and each end of a day. At a point the verdict is made again from the records that
the log held then, on the release, catalogue and policy of the last decision before: what a release consisted of is known from
decisions alone, so before the first one nothing is known. Pure but for the decisions' objects, which a caller hands over.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tetrapylon.app.report.essence import Essence, replaced_by_any
from tetrapylon.guidelines.rules import wanted_value
from tetrapylon.posture.decision import Basis
from tetrapylon.posture.fold import Record, assess_practices
from tetrapylon.posture.state import PracticeState

_FORM = "%Y-%m-%dT%H:%M:%SZ"
NOT_KNOWN = "not known"
BEFORE = "no decision had been recorded yet, so what the release consisted of is not known"


@dataclass(frozen=True)
class Decided:
    """A decision of the log as the period sees it."""

    index: int
    """Its log record."""

    recorded_at: str
    digest: str
    decision: Mapping[str, Any]
    basis: Basis


@dataclass(frozen=True)
class Point:
    """One point of time: what the state of each practice was."""

    time: str
    states: Mapping[str, PracticeState]
    decision: str | None
    """The digest of the decision in force, None before the first."""


def times(first: date, until: str, decided: Sequence[Decided]) -> list[str]:
    """Return the points from the beginning of the first day to `until`, each once and in order."""
    since = f"{first.isoformat()}T00:00:00Z"
    days = (date.fromisoformat(until[:10]) - first).days
    ends = (f"{(first + timedelta(days=number)).isoformat()}T23:59:59Z" for number in range(days + 1))
    found = {
        since,
        until,
        *(each for each in ends if each <= until),
        *(each.recorded_at for each in decided if since <= each.recorded_at <= until),
    }
    return sorted(found)


def points(moments: Iterable[str], records: Sequence[Record], decided: Sequence[Decided]) -> Iterator[Point]:
    """Yield the states at each moment; where nothing can have changed since the last one, they are not made again."""
    walk = _Walk(records, decided)
    return (walk.at(each) for each in moments)


class _Walk:
    """A walk through time: moments come in order, and only what can have changed is judged again."""

    def __init__(self, records: Sequence[Record], decided: Sequence[Decided]) -> None:
        self._records, self._decided = records, decided
        self._recorded = [each.leaf.recorded_at for each in records]
        self._known = [each.recorded_at for each in decided]
        self._replaced = replaced_by_any(records)
        self._essence: Essence | None = None
        self._by: tuple[str, Mapping[str, str]] | None = None
        self._taken = 0
        self._seen: tuple[int, int, int] | None = None
        self._turning: list[str] = []
        self._states: dict[str, PracticeState] = {}

    def at(self, moment: str) -> Point:
        """Return the states at this moment."""
        size, latest = bisect_right(self._recorded, moment), bisect_right(self._known, moment) - 1
        if latest < 0:
            return Point(moment, {}, None)
        decided = self._decided[latest]
        if self._seen != (size, latest, bisect_right(self._turning, moment)):
            kept = self._kept(decided, size)
            self._states = {each.id: each for each in assess_practices(decided.basis.question(moment), kept)}
            self._turning = turning_points(decided.basis, kept)
            self._seen = (size, latest, bisect_right(self._turning, moment))
        return Point(moment, self._states, decided.digest)

    def _kept(self, decided: Decided, size: int) -> list[Record]:
        """Return the records that matter among the first `size`; begun anew only where another catalogue tells them apart."""
        by = (str(decided.decision["basis"]["catalogue"]), decided.basis.policy["predicates"])
        if self._essence is None or self._by != by:
            self._essence, self._by, self._taken = Essence(decided.basis.catalogue, by[1], self._replaced), by, 0
        self._essence.add(self._records[self._taken : size])
        self._taken = size
        return self._essence.records()


def turning_points(basis: Basis, records: Sequence[Record]) -> list[str]:
    """Return the times at which a state can change though nothing is recorded: evidence grows too old, waivers end."""
    values = basis.policy["values"]
    chosen = set(basis.policy["practices"])
    lasting: dict[str, set[float]] = {}
    for practice in basis.catalogue["practice"]:
        for part in practice.get("part", ()) if practice["id"] in chosen else ():
            if "freshness" in part:
                lasting.setdefault(basis.policy["predicates"].get(part["predicate"], ""), set()).add(_days(part["freshness"], values))
    found: set[str] = set()
    for each in records:
        # One second later, for what is exactly so old still counts.
        found.update(_after(each.leaf.observed_to, timedelta(days=days, seconds=1)) for days in lasting.get(each.leaf.predicate_type, ()))
        found.add(_after(each.leaf.observed_to, -timedelta(seconds=float(values.get("clock-skew-seconds", 300)))))
        if each.statement is not None and "expires" in each.statement.predicate:
            found.add(str(each.statement.predicate["expires"]))
    return sorted(found)


def _days(freshness: Any, values: Mapping[str, Any]) -> float:
    return float(wanted_value(["", "", freshness], values))


def _after(time: str, span: timedelta) -> str:
    try:
        return (datetime.fromisoformat(time) + span).strftime(_FORM)
    except OverflowError:
        return "9999-12-31T23:59:59Z"


@dataclass(frozen=True)
class Span:
    """A practice in one state from a point until another."""

    practice: str
    since: str
    until: str
    state: str
    reason: str
    records: tuple[int, ...]


def spans(found: Sequence[Point], practices: Sequence[str], same: Callable[[Span, Span], bool]) -> dict[str, list[Span]]:
    """Return the states of each practice over time; neighbours for which `same` holds are one."""
    result: dict[str, list[Span]] = {each: [] for each in practices}
    for number, point in enumerate(found):
        until = found[number + 1].time if number + 1 < len(found) else point.time
        for practice, row in result.items():
            span = _span(practice, point, until)
            if row and same(row[-1], span):
                last = row.pop()
                row.append(Span(practice, last.since, until, last.state, last.reason, last.records))
            else:
                row.append(span)
    return result


def _span(practice: str, point: Point, until: str) -> Span:
    state = point.states.get(practice)
    if state is None:
        why = BEFORE if point.decision is None else "not in the profile of the decision in force"
        return Span(practice, point.time, until, NOT_KNOWN if point.decision is None else "not assessed", why, ())
    return Span(practice, point.time, until, str(state.state), state.reason, state.evidence)

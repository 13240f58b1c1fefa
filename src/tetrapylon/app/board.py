"""The posture as a board: pillars, guidelines, and each practice with its state, the age of its evidence and what comes next.

Pure: a decision and what it was made on go in, plain rows come out. What the profile does not decide by, and what is planned,
is *not assessed*: it is counted as that and never as PASS.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tetrapylon.app.decide import Decided
from tetrapylon.posture.state import State

NOT_ASSESSED = "not assessed"
ORDER = (*(str(each) for each in State), NOT_ASSESSED)
"""Every word that can stand for a practice, in the order in which they are counted."""

OPEN = frozenset({State.FAIL, State.UNKNOWN, State.STALE, NOT_ASSESSED})
"""Where something is left to do."""

PILLARS = {
    "design": "Secure design",
    "development": "Secure development",
    "deployment": "Secure deployment",
    "operation": "Secure operation",
}

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SHOWN_IN_HOURS = 48


@dataclass(frozen=True)
class Row:
    """One practice."""

    id: str
    title: str
    state: str
    reason: str
    effort: str = ""
    next: str = ""
    kinds: tuple[str, ...] = ()
    records: tuple[int, ...] = ()
    observed: str | None = None
    """When the oldest evidence that the state rests on was observed."""

    age: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        found = {"id": self.id, "title": self.title, "state": self.state, "reason": self.reason, "observed": self.observed, "age": self.age}
        return {**found, "records": list(self.records), "effort": self.effort, "next": self.next, "kinds": list(self.kinds)}


@dataclass(frozen=True)
class Guideline:
    """One guideline and its practices."""

    id: str
    title: str
    rows: tuple[Row, ...]

    @property
    def assessed(self) -> tuple[Row, ...]:
        """The practices that the profile decides by."""
        return tuple(each for each in self.rows if each.state != NOT_ASSESSED)

    @property
    def left_out(self) -> tuple[Row, ...]:
        """The practices that are not assessed."""
        return tuple(each for each in self.rows if each.state == NOT_ASSESSED)


@dataclass(frozen=True)
class Pillar:
    """One of the four parts of the guidelines."""

    name: str
    title: str
    guidelines: tuple[Guideline, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every practice of the pillar."""
        return tuple(row for each in self.guidelines for row in each.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many practices there are of each state that occurs, in a fixed order."""
        return count(self.rows)


@dataclass(frozen=True)
class Known:
    """What else a row needs: the observed times by log record, and the commands that this version has."""

    observed: Mapping[int, str] = field(default_factory=dict)
    commands: Collection[str] | None = None
    """Such as `assess` and `develop record`; None where every command is taken to be there."""


def count(rows: Sequence[Row]) -> dict[str, int]:
    """Return how many rows there are of each state that occurs, in a fixed order."""
    found = Counter(each.state for each in rows)
    return {each: found[each] for each in ORDER if found[each]}


def board(decided: Decided, commands: Collection[str] | None = None) -> tuple[Pillar, ...]:
    """Return the board of a decision that says what it was made on."""
    if decided.basis is None:
        raise AssertionError("unreachable: every decision that is shown carries its basis")
    observed = {each.index: each.leaf.observed_to for each in decided.records}
    return board_of(decided.decision, decided.basis.catalogue, Known(observed, commands))


def board_of(decision: Mapping[str, Any], catalogue: Mapping[str, Any], known: Known) -> tuple[Pillar, ...]:
    """Return the board of a decision on this catalogue."""
    states = {each["id"]: each for each in decision["practices"]}
    rows: dict[str, list[Row]] = {}
    for practice in catalogue["practice"]:
        row = _row(practice, states.get(practice["id"]), decision, known)
        rows.setdefault(practice["id"].partition(".")[0], []).append(row)
    guidelines: dict[str, list[Guideline]] = {each: [] for each in PILLARS}
    for each in catalogue["guideline"]:
        guidelines.setdefault(each["pillar"], []).append(Guideline(each["id"], each["title"], tuple(rows.get(each["id"], ()))))
    return tuple(Pillar(name, PILLARS.get(name, name), tuple(found)) for name, found in guidelines.items())


def _row(practice: Mapping[str, Any], state: Mapping[str, Any] | None, decision: Mapping[str, Any], known: Known) -> Row:
    common = (practice["id"], practice["title"])
    kinds, effort = tuple(practice["kind"]), str(practice.get("effort", ""))
    if practice["status"] == "planned":
        return Row(*common, NOT_ASSESSED, "planned: nothing measures it yet", kinds=kinds)
    next_step = _next(str(practice.get("next", "")), known.commands)
    if state is None:
        return Row(*common, NOT_ASSESSED, f"not in the profile `{decision['profile']}`", effort, next_step, kinds)
    records = tuple(state["evidence"])
    times = sorted(known.observed[each] for each in records if each in known.observed)
    observed = times[0] if times else None
    age = age_of(observed, decision["timestamp"]) if observed else ""
    return Row(*common, state["state"], state["reason"], effort, next_step, kinds, records, observed, age)


def _next(command: str, commands: Collection[str] | None) -> str:
    return command if commands is None or _has(command, commands) else f"{command} (not in this version)" if command else ""


def _has(command: str, commands: Collection[str]) -> bool:
    words = command.removeprefix("tetrapylon ").split()
    return any(" ".join(words[:length]) in commands for length in (1, 2))


def age_of(then: str, now: str) -> str:
    """Return how long ago that was, in one unit: `now`, `12 min`, `5 h`, `40 d`; a time to come is `ahead`."""
    seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(then)).total_seconds()
    if seconds < 0:
        return "ahead"
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < _SHOWN_IN_HOURS * _HOUR:
        return f"{int(seconds // _HOUR)} h"
    return f"{int(seconds // _DAY)} d"

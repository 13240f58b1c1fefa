"""Reports of weaknesses as cases: what happened to each, folded from the log, and what should have happened by now.

Who reported and what they wrote stays out of the log: it holds a salted digest of the one and a digest of the other.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, get_args

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import MissingError, RefusedError
from tetrapylon.operate.lessons.draft import Intake
from tetrapylon.outside.clock import format_time, parse_time
from tetrapylon.outside.view import Known

Event = Literal["received", "acknowledged", "triaged", "fixed", "rejected", "closed"]
EVENTS: tuple[Event, ...] = get_args(Event)

_ORDER: Mapping[str, tuple[str, ...]] = {
    "acknowledged": ("received",),
    "triaged": ("acknowledged",),
    "fixed": ("triaged",),
    "rejected": ("acknowledged", "triaged"),
    "closed": ("fixed", "rejected"),
}
_CLOCKS = (("acknowledged", "acknowledge_hours"), ("triaged", "triage_hours"), ("fixed", "fix_hours"))
_DONE = frozenset({"fixed", "rejected", "closed"})


@dataclass(frozen=True, slots=True)
class Case:
    """One report."""

    id: str
    report: str
    """Digest of what arrived."""

    reporter: str | None
    state: Event
    times: Mapping[str, str]
    lesson: str | None = None
    """What it left: a threat rule, a regression, a control or a training item."""

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in _DONE

    def due(self, policy: Intake) -> dict[str, str]:
        """Return by when each step was or is to be done."""
        start = parse_time(self.times["received"])
        return {step: format_time(start + timedelta(hours=getattr(policy, name))) for step, name in _CLOCKS}

    def overdue(self, policy: Intake, now: str) -> list[str]:
        """Return the steps whose time is over and which were not done."""
        if not self.open:
            return []
        return [step for step, due in self.due(policy).items() if step not in self.times and due < now]

    def hours_to_acknowledge(self) -> float | None:
        """Return how long the reporter waited for an answer."""
        if "acknowledged" not in self.times:
            return None
        passed = parse_time(self.times["acknowledged"]) - parse_time(self.times["received"])
        return round(passed.total_seconds() / 3600, 2)


def cases(known: Iterable[Known]) -> dict[str, Case]:
    """Return every case by its id, as the statements of the log leave it."""
    found: dict[str, Case] = {}
    for each in known:
        said = each.payload
        name, event = said.get("case"), said.get("event")
        if not isinstance(name, str) or event not in EVENTS:
            continue
        if event == "received":
            found[name] = Case(name, str(said.get("report")), said.get("reporter"), "received", {"received": each.observed_to})
        elif name in found:
            before = found[name]
            times = {**before.times, event: each.observed_to}
            found[name] = replace(before, state=event, times=times, lesson=said.get("lesson") or before.lesson)
    return found


def step(held: Mapping[str, Case], name: str, event: Event, lesson: str | None, now: str) -> Case:
    """Return the case after this event.

    Raises:
        MissingError: there is no such case (`no-such-case`).
        RefusedError: it is not the turn of this step (`wrong-step`), or a closing leaves no lesson (`no-lesson`).
    """
    case = held.get(name)
    if case is None:
        raise MissingError(f"there is no case `{name}`", hint="`tetrapylon operate intake list` shows them", code="no-such-case")
    if case.state not in _ORDER[event]:
        wanted = " or ".join(_ORDER[event])
        raise RefusedError(f"case `{name}` is {case.state}; only one that is {wanted} can be {event}", code="wrong-step")
    if event == "closed" and case.state == "fixed" and not (lesson or case.lesson):
        hint = "name a threat rule, a regression, a control or a training item with `--lesson`"
        raise RefusedError(f"case `{name}` was fixed and leaves no lesson yet", hint=hint, code="no-lesson")
    return replace(case, state=event, times={**case.times, event: now}, lesson=lesson or case.lesson)


def payload(case: Case, event: Event, held: Mapping[str, Case], policy: Intake, now: str) -> dict[str, Json]:
    """Return what the log says about an event, with the counts over all cases after it."""
    every = {**held, case.id: case}.values()
    waits = [each.hours_to_acknowledge() for each in every]
    known = [each for each in waits if each is not None]
    found: dict[str, Json] = {
        "case": case.id,
        "event": event,
        "report": case.report,
        "open": sum(each.open for each in every),
        "overdue": sum(bool(each.overdue(policy, now)) for each in every),
    }
    found |= {"reporter": case.reporter} if case.reporter else {}
    found |= {"lesson": case.lesson} if case.lesson else {}
    return found | ({"acknowledgedHours": max(known)} if known else {})


def pseudonym(salt: bytes, who: str) -> str:
    """Return the digest that stands for a person: without the salt nobody can try names against it."""
    return "hmac-sha256:" + hmac.new(salt, who.strip().lower().encode(), hashlib.sha256).hexdigest()

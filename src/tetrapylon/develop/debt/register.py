"""The register: what the detectors found and people added, each with owner, reason, interest and the day it is due.

The day is what a person set; otherwise it follows from when the debt was first seen and how bad it is to leave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tetrapylon.develop.debt.decisions import FILE, Decisions
from tetrapylon.develop.debt.detector import DETECTORS, EVIDENCE, Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.beside import decisions_beside
from tetrapylon.outside.view import View
from tetrapylon.system.finding import SEVERITIES, Severity

DAYS: Mapping[Severity, int] = {"critical": 7, "high": 30, "medium": 90, "low": 180, "info": 365}
"""Days in which a debt is due, from the day on which it was first seen."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One debt in the register."""

    id: str
    detector: str
    what: str
    where: str
    severity: Severity
    risk: tuple[str, ...]
    owner: str | None
    reason: str | None
    due: str
    first_seen: str

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is not decided yet."""
        return tuple(name for name, value in (("owner", self.owner), ("reason", self.reason), ("risk", self.risk)) if not value)

    def overdue(self, today: str) -> bool:
        """Return whether its day is over."""
        return self.due < today


@dataclass(frozen=True)
class Register:
    """All debts, and how they compare with the last time."""

    entries: tuple[Entry, ...]
    detectors: tuple[str, ...]
    added: tuple[str, ...]
    paid: tuple[Mapping[str, Json], ...]
    """Entries of the last snapshot that are gone."""

    last: str | None
    """When the last snapshot was taken."""

    today: str
    over_budget: bool | None
    """None where nobody set a budget."""

    unseen: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def incomplete(self) -> tuple[Entry, ...]:
        """Debts about which something is not decided."""
        return tuple(each for each in self.entries if each.lacks)

    @property
    def overdue(self) -> tuple[Entry, ...]:
        """Debts whose day is over."""
        return tuple(each for each in self.entries if each.overdue(self.today))

    @property
    def overdue_critical(self) -> tuple[Entry, ...]:
        """Critical ones among them."""
        return tuple(each for each in self.overdue if each.severity == "critical")


def look_at(view: View) -> Look:
    """Return what detectors look at."""
    evidence = {each: view.evidence(each) for each in EVIDENCE}
    return Look(view.repository, view.facts, view.now(), evidence, view.states())


def take(view: View) -> Register:
    """Run every detector, and return the register as it is now."""
    decisions = decisions_beside(view.root, FILE, Decisions, view.facts)
    look = look_at(view)
    last = next(iter(view.evidence("debt-snapshot")[-1:]), None)
    before = {row["id"]: row for row in (last.payload.get("register") or ())} if last else {}
    today = look.now[:10]
    first = {name: str(row["firstSeen"]) for name, row in before.items()}
    entries = sorted({each.id: each for each in _entries(look, decisions, first)}.values(), key=_order)
    ids = {each.id for each in entries}
    return Register(
        entries=tuple(entries),
        detectors=tuple(DETECTORS),
        added=tuple(each.id for each in entries if last is not None and each.id not in before),
        paid=tuple(row for name, row in before.items() if name not in ids),
        last=last.observed_to if last else None,
        today=today,
        over_budget=_over(decisions, entries),
        unseen=look.unseen,
        notes=tuple(f"`entry` `{each.id}` in `{FILE}` is about nothing any more" for each in decisions.entry if each.id not in ids),
    )


def _order(entry: Entry) -> tuple[int, str, str]:
    return SEVERITIES.index(entry.severity), entry.due, entry.id


def _entries(look: Look, decisions: Decisions, first: Mapping[str, str]) -> Iterator[Entry]:
    today = look.now[:10]
    for name, part in DETECTORS.items():
        for each in part.detect(look):
            yield _entry(name, each, decisions, first, today)
    for item in decisions.item:
        seen = first.get(item.id, today)
        yield Entry(item.id, "person", item.what, item.where, item.severity, item.risk, item.owner, item.reason, item.due, seen)


def _entry(detector: str, debt: Debt, decisions: Decisions, first: Mapping[str, str], today: str) -> Entry:
    """Return the debt with what was decided: about it alone, else by whoever caused it, else about all of its kind."""
    name = debt.id_of(detector)
    own = next((each for each in decisions.entry if each.id == name), None)
    rule = next((each for each in decisions.rule if each.detector == detector), None)
    seen = first.get(name, today)
    by_severity = (date.fromisoformat(seen) + timedelta(days=DAYS[debt.severity])).isoformat()
    return Entry(
        name,
        detector,
        debt.what,
        debt.where,
        debt.severity,
        tuple(dict.fromkeys(debt.risk)),
        (own.owner if own else None) or debt.owner or (rule.owner if rule else None),
        (own.reason if own else None) or debt.reason or (rule.reason if rule else None),
        (own.due if own else None) or debt.due or (rule.due if rule else None) or by_severity,
        seen,
    )


def _over(decisions: Decisions, entries: list[Entry]) -> bool | None:
    if decisions.budget is None:
        return None
    critical = sum(each.severity == "critical" for each in entries)
    return len(entries) > decisions.budget.entries or critical > decisions.budget.critical

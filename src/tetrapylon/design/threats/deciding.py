"""The decision on each threat: a person's where there is one, otherwise what its rule proposes and evidence bears out.

* A person's decision holds from its date until it expires; whoever accepts answers for it by name.
* Without one, the rule's own practices stand: the threat counts as mitigated if each of them that applies is proven, that
  is, PASS on live evidence; and below `high` also while they are only claimed, since the practices themselves stay open.
* A threat that is high or worse is not called mitigated on a claim: a named person decides, or it is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tetrapylon.design.threats import decisions as people
from tetrapylon.system.finding import Severity

LIVE = "PASS"
UNASKED = "NOT APPLICABLE"
PRESSING: frozenset[Severity] = frozenset({"critical", "high"})
"""Severities at which a claim is not enough."""


@dataclass(frozen=True, slots=True)
class Mitigation:
    """A practice that answers a threat, and its state now."""

    practice: str
    state: str

    @property
    def live(self) -> bool:
        """Whether evidence that counts now shows it."""
        return self.state == LIVE


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision on one threat."""

    choice: str
    """`mitigated`, `accepted`, `transferred`, `avoided` or `undecided`."""

    by: str
    """A person's id, `rule` where the rule's practices stand, or empty."""

    reason: str
    mitigations: tuple[Mitigation, ...] = ()
    date: str = ""
    expires: str = ""
    adviser: str = ""
    to: str = ""

    @property
    def claimed(self) -> tuple[Mitigation, ...]:
        """The mitigations that it counts on without live evidence."""
        return tuple(each for each in self.mitigations if not each.live) if self.choice == "mitigated" else ()

    @property
    def proven(self) -> bool:
        """Whether it is mitigated by practices that are all shown by live evidence."""
        return self.choice == "mitigated" and bool(self.mitigations) and not self.claimed


def mitigations_of(practices: Iterable[str], states: Mapping[str, str]) -> tuple[Mitigation, ...]:
    """Return the practices that apply to the system, each with its state; one that nobody assessed is UNKNOWN."""
    known = (Mitigation(each, states.get(each, "UNKNOWN")) for each in dict.fromkeys(practices))
    return tuple(each for each in known if each.state != UNASKED)


def decide(severity: Severity, practices: Iterable[str], written: people.Decision | None, states: Mapping[str, str], today: str) -> Decided:
    """Return the decision on a threat; `today` is a day, empty where nothing expires."""
    mitigations = mitigations_of((*practices, *(written.practices if written else ())), states)
    over = ""
    if written is not None:
        over = _over(written, today)
        if not over:
            return _of_person(written, mitigations)
    return _of_rule(severity, mitigations, over)


def _over(written: people.Decision, today: str) -> str:
    """Return why a person's decision does not hold on this day."""
    if today and written.date > today:
        return f"what `{written.by}` decided holds from {written.date} on"
    if today and written.expires is not None and written.expires <= today:
        return f"what `{written.by}` decided has expired on {written.expires}"
    return ""


def _of_person(written: people.Decision, mitigations: tuple[Mitigation, ...]) -> Decided:
    if written.decision == "mitigated" and not mitigations:
        return Decided("undecided", "", f"`{written.by}` calls it mitigated, and no practice that applies answers it")
    if written.decision == "transferred" and not written.to:
        return Decided("undecided", "", f"`{written.by}` calls it transferred, and nobody is named who bears it (`to`)", mitigations)
    return Decided(
        written.decision,
        written.by,
        written.reason,
        mitigations,
        written.date,
        written.expires or "",
        written.adviser or "",
        written.to or "",
    )


def _of_rule(severity: Severity, mitigations: tuple[Mitigation, ...], over: str) -> Decided:
    before = f"{over}; " if over else ""
    if not mitigations:
        return Decided("undecided", "", f"{before}no practice that applies here answers it")
    open_ = [each.practice for each in mitigations if not each.live]
    if not open_:
        return Decided("mitigated", "rule", f"{before}every practice that answers it is proven", mitigations)
    if severity in PRESSING:
        return Decided("undecided", "", f"{before}it is {severity}, and {', '.join(open_)} would answer it but is not proven", mitigations)
    return Decided("mitigated", "rule", f"{before}claimed: {', '.join(open_)} is not proven yet", mitigations)

"""Where everybody stands: whether a person holds a result for each module of their roles, or why not.

A result holds until it expires, the module changes, or the system has a kind of threat that it did not have then and that the
module teaches. The latest result decides: who fails a later attempt does not hold the earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from tetrapylon.design.threats.training.module import Module
from tetrapylon.design.threats.training.result import Result
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.clock import format_time, parse_time

State = Literal["holds", "stale", "failed", "missing"]

NEWS = "digest"
"""The module that is made from what is new."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of the policy."""

    threshold: float
    days: float
    news_days: float

    def days_of(self, module: Module) -> float:
        """Return for how many days a result of the module holds."""
        return self.news_days if module.generated else self.days

    def expiry(self, module: Module, completed: str) -> str:
        """Return when a result no longer holds."""
        return format_time(parse_time(completed) + timedelta(days=self.days_of(module)))


@dataclass(frozen=True, slots=True)
class Standing:
    """One person and one module."""

    person: str
    module: Module
    state: State
    why: str
    until: str = ""
    """When it ends to hold, or did; empty where there is nothing that could."""

    result: Result | None = None


def rules_of(values: Mapping[str, Json]) -> Rules:
    """Return the numbers of the policy in force."""
    return Rules(float(values.get("training-score", 0.8)), float(values.get("training-days", 365)), float(values.get("digest-days", 30)))


def required(facts: Mapping[str, Json], modules: Iterable[Module]) -> Iterator[tuple[str, Module]]:
    """Yield each person of the manifest with each module of their roles."""
    for module in modules:
        for person in facts.get("person", ()):
            if set(person["roles"]) & set(module.roles):
                yield person["id"], module


def standing(person: str, module: Module, classes: Iterable[str], results: Iterable[Result], rules: Rules, now: str) -> Standing:
    """Return where a person stands with a module; `classes` are the kinds of threats that the module teaches and the system has."""
    own = [each for each in results if (each.person, each.module) == (person, module.id)]
    if not own:
        return Standing(person, module, "missing", "not taken yet")
    last = max(own, key=lambda each: (each.completed, each.attempt))
    if not last.passed or last.score < rules.threshold:
        return Standing(person, module, "failed", _failed(last, rules), "", last)
    until = min(last.expires, rules.expiry(module, last.completed))
    if until <= now:
        return Standing(person, module, "stale", f"expired on {until[:10]}", until, last)
    if not module.generated and last.module_digest != module.digest:
        return Standing(person, module, "stale", "the module has changed since", now, last)
    new = sorted(set(classes) - last.classes)
    if new:
        return Standing(person, module, "stale", f"new since: {', '.join(new[:5])}", now, last)
    return Standing(person, module, "holds", f"until {until[:10]}", until, last)


def _failed(result: Result, rules: Rules) -> str:
    if result.score < rules.threshold:
        return f"{result.score:.0%} on {result.completed[:10]}, below {rules.threshold:.0%}"
    return f"a practical item was wrong on {result.completed[:10]}"

"""A practice whose evidence has become old, or is about something that has changed since.

What it does: takes every practice that is STALE now.
Why it matters: what was measured about another version says nothing about this one.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SP4.9",)
GOOD: dict[str, dict[str, Json]] = {"fresh": {"states": {"SP2.3": "PASS", "SP2.4": "UNKNOWN", "SV4.1": "STALE"}}}
BAD: dict[str, dict[str, Json]] = {"stale": {"states": {"SP2.3": "STALE"}}}

_OWN = "SV4."
"""Practices about debt itself: what they rest on is being measured at this moment."""

_DERIVED = frozenset({"SP4.9"})
"""Stale because another one is."""


def detect(look: Look) -> Iterator[Debt]:
    """Yield each practice."""
    for practice, state in sorted(look.states.items()):
        if state == "STALE" and not practice.startswith(_OWN) and practice not in _DERIVED:
            yield Debt(f"the evidence of {practice} is stale", practice, practice, SEVERITY, (practice,))

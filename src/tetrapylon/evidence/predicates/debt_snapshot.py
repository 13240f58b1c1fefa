"""What is owed: unsafe formats, unpinned parts, waivers, stale cards.

Why it matters: debt that is not counted is never paid.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/debt-snapshot/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What is owed: unsafe formats, unpinned parts, waivers, stale cards; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    entries: int
    detectors: int
    overdue_critical: int
    incomplete: int
    over_budget: bool


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "entries": 4,
    "detectors": 8,
    "overdueCritical": 0,
    "incomplete": 0,
    "overBudget": False,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "entries": -1.5,
    "detectors": 8,
    "overdueCritical": 0,
    "incomplete": 0,
    "overBudget": False,
}

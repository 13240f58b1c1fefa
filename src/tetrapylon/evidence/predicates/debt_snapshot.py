"""What is owed: unsafe formats, unpinned parts, waivers, stale cards.

Why it matters: debt that is not counted is never paid.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/debt-snapshot/v1"


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """One debt: what it is, who pays it by when, and which practices suffer meanwhile."""

    id: str
    detector: str
    what: str
    where: str
    severity: str
    risk: list[str]
    due: str
    first_seen: str
    owner: str | None = None
    reason: str | None = None


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
    incomplete: int | None = None
    over_budget: bool | None = None
    release: str | None = None
    overdue: int | None = None
    added: int | None = None
    """Entries that the last snapshot did not have."""

    paid: int | None = None
    """Entries of the last snapshot that are gone."""

    register: list[Entry] | None = None


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

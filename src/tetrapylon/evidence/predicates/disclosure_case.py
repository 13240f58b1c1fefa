"""How reports of weaknesses are handled, with clocks.

Why it matters: a report that is not answered is published instead.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/disclosure-case/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """How reports of weaknesses are handled, with clocks; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    case: str | None = None
    event: Literal["received", "acknowledged", "triaged", "fixed", "rejected", "closed"] | None = None
    report: str | None = None
    """Digest of what arrived."""

    reporter: str | None = None
    """Stands for the person: a digest under a salt that stays where reports are kept."""

    lesson: str | None = None
    acknowledged_hours: float | None = None
    """The longest that anybody waited for an answer."""

    open: int
    overdue: int


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "acknowledgedHours": 12.0,
    "open": 1,
    "overdue": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "acknowledgedHours": 12.0,
    "open": "one",
    "overdue": 0,
}

"""That the switch to an alternate was exercised, and how long it took.

Why it matters: an alternate that was never tried is a hope.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/failover-drill/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That the switch to an alternate was exercised, and how long it took; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    trigger: Literal["outage", "security-status"]
    switched: bool
    seconds: float
    equivalent: bool
    alternates: int
    uncovered: int | None = None
    guards_held: bool | None = None
    back_seconds: float | None = None
    unanswered: int | None = None
    models: list[str] | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "trigger": "outage",
    "switched": True,
    "seconds": 1.5,
    "equivalent": True,
    "alternates": 1,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "trigger": "weather",
    "switched": True,
    "seconds": 1.5,
    "equivalent": True,
    "alternates": 1,
}

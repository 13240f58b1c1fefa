"""What was found about a supplier before its model or interface was used.

Why it matters: a supplier's weakness becomes the system's.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/due-diligence/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What was found about a supplier before its model or interface was used; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    supplier: str
    score: float
    limit: float
    checks: int
    failed: list[str]
    answers_only: int
    before_first_use: bool
    expires: str
    safe_loading: bool | None = None
    unmaintained: int | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "supplier": "acme-llm",
    "score": 0.8,
    "limit": 0.7,
    "checks": 10,
    "failed": [],
    "answersOnly": 2,
    "beforeFirstUse": True,
    "expires": "2027-06-01T00:00:00Z",
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "supplier": 7,
    "score": 0.8,
    "limit": 0.7,
    "checks": 10,
    "failed": [],
    "answersOnly": 2,
    "beforeFirstUse": True,
    "expires": "2027-06-01T00:00:00Z",
}

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
    failed: list[str] | None = None
    """Names of what is bad; None where nothing is, and something could not be looked at."""

    answers_only: int
    before_first_use: bool | None = None
    """None where it is not known when it was first used."""

    expires: str
    safe_loading: bool | None = None
    unmaintained: int | None = None
    kind: str | None = None
    """What was examined: `lock`, `model-hosted`, `model-file` or `supplier`."""

    unknown: list[str] | None = None
    """Names of what could not be looked at."""

    answered: list[str] | None = None
    """Names of what rests on the supplier's signed answer alone."""

    contradicted: list[str] | None = None
    """Where an answer and a measurement disagree: the measurement stands."""

    seen: dict[str, str] | None = None
    """Who the supplier is: key, address, contact, name."""

    asked: dict[str, Any] | None = None
    """What the supplier's address answered, and when."""

    questionnaire: str | None = None
    """When the answers that counted were given."""


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

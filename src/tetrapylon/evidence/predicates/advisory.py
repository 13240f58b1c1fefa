"""What was published about weaknesses, or matched from others' advisories.

Why it matters: customers must learn which digests are affected.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/advisory/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What was published about weaknesses, or matched from others' advisories; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    schema_valid: bool | None = None
    affected_digests: int | None = None
    enumeration_complete: bool | None = None
    feed_age_days: float | None = None
    unmatched: int | None = None
    mitigation_days: float | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "schemaValid": True,
    "affectedDigests": 1,
    "enumerationComplete": True,
    "feedAgeDays": 0.5,
    "unmatched": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "schemaValid": "almost",
    "affectedDigests": 1,
    "enumerationComplete": True,
    "feedAgeDays": 0.5,
    "unmatched": 0,
}

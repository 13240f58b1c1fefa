"""That a named person takes the risk of one practice for some digests until a date.

Why it matters: a waiver is debt with an owner and an end.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/waiver/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That a named person takes the risk of one practice for some digests until a date; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    practice: str
    reason: str
    owner: str
    expires: str


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "practice": "SP2.3",
    "reason": "the supplier signs from March on",
    "owner": "owner-1",
    "expires": "2027-01-01T00:00:00Z",
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "practice": "SP2.3",
    "reason": "the supplier signs from March on",
    "owner": "owner-1",
}

"""What a named person states about a practice, with that person's own key.

Why it matters: some things only a person can answer for.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/attestation/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What a named person states about a practice, with that person's own key; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    practice: str
    person: str
    role: str
    statement: str
    expires: str | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "practice": "SD3.1",
    "person": "owner-1",
    "role": "owner",
    "statement": "Reading amounts by rule was tried and failed.",
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "practice": 1,
    "person": "owner-1",
    "role": "owner",
    "statement": "Reading amounts by rule was tried and failed.",
}

"""That the record of what passed through is confidential, intact and available.

Why it matters: logs of prompts are as sensitive as the data in them.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/journal-check/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That the record of what passed through is confidential, intact and available; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    confidential: bool
    intact: bool
    available: bool
    redacted: bool
    access_logged: bool
    gaps: int
    requests: int
    logged: int
    replayed: int
    scopes_exceeded: int


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "confidential": True,
    "intact": True,
    "available": True,
    "redacted": True,
    "accessLogged": True,
    "gaps": 0,
    "requests": 100,
    "logged": 100,
    "replayed": 1,
    "scopesExceeded": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "confidential": True,
    "intact": True,
    "available": True,
    "redacted": True,
    "accessLogged": True,
    "gaps": "none",
    "requests": 100,
    "logged": 100,
    "replayed": 1,
    "scopesExceeded": 0,
}

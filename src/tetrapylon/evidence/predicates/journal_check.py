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
    confidential: bool | None = None
    intact: bool | None = None
    available: bool | None = None
    redacted: bool | None = None
    access_logged: bool | None = None
    gaps: int | None = None
    requests: int | None = None
    logged: int | None = None
    replayed: int | None = None
    scopes_exceeded: int | None = None


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

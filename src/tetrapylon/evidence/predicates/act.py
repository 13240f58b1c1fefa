"""That something was done to a running system, and whether the probe confirmed it.

Why it matters: what was done in an incident must be provable afterwards.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/act/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That something was done to a running system, and whether the probe confirmed it; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    act: str
    arguments: dict[str, str]
    done: bool


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "act": "revoke-key",
    "arguments": {"keyid": "ab12"},
    "done": True,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "act": "revoke-key",
    "arguments": {},
    "done": "yes",
}

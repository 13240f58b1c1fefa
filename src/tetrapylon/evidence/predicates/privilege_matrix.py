"""Who may do what, and that everything else is denied.

Why it matters: a component that may do more than it needs is an attacker's tool.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/privilege-matrix/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Who may do what, and that everything else is denied; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    default_deny: bool
    unused_grants: int
    tools_incomplete: int
    probes: int
    probes_wrong: int


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "defaultDeny": True,
    "unusedGrants": 0,
    "toolsIncomplete": 0,
    "probes": 40,
    "probesWrong": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "defaultDeny": "yes",
    "unusedGrants": 0,
    "toolsIncomplete": 0,
    "probes": 40,
    "probesWrong": 0,
}

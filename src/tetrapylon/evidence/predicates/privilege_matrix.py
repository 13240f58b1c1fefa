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
    default_deny: bool | None = None
    """None where the engine was not there to be asked."""

    unused_grants: int | None = None
    """None where there is no record of what is used."""

    unused: list[str] | None = None
    tools_incomplete: int
    probes: int
    probes_wrong: int | None = None


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

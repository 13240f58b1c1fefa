"""How the settings in force compare with the safe profile.

Why it matters: an unsafe setting that nobody decided on is the commonest hole.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/secure-defaults/v1"


class Difference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """A setting that is not at its safe value."""

    setting: str
    effective: str
    safe: str
    risk_record: str | None = None


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """How the settings in force compare with the safe profile; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    profile: str
    settings: int
    differences: list[Difference]
    unregistered: list[str]
    unexplained: int | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "profile": "hardened",
    "settings": 10,
    "differences": [],
    "unregistered": [],
    "unexplained": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "profile": "hardened",
    "settings": [],
    "differences": [],
    "unregistered": [],
    "unexplained": 0,
}

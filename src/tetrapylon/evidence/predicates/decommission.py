"""That a system's end is planned, or was carried out and probed.

Why it matters: what is forgotten stays reachable.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/decommission/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That a system's end is planned, or was carried out and probed; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    plan_present: bool
    complete: bool
    remaining: int
    tombstones_checked: bool


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "planPresent": True,
    "complete": True,
    "remaining": 0,
    "tombstonesChecked": True,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "planPresent": True,
    "complete": True,
    "remaining": "a few",
    "tombstonesChecked": True,
}

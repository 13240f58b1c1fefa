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
    complete: bool | None = None
    """None, here and below: the system still runs, so nobody can say."""

    remaining: int | None = None
    tombstones_checked: bool | None = None
    rehearsed: bool | None = None
    """Whether the plan was carried out on a copy, which says nothing of the system itself."""

    plan: str | None = None
    """The digest of the plan."""

    results: list[dict[str, Any]] | None = None
    """What became of each part, and what the probe found."""


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

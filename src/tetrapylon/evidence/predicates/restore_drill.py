"""That a backup was restored and compared digest by digest.

Why it matters: a backup that was never restored is not one.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/restore-drill/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That a backup was restored and compared digest by digest; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    restored: bool
    mismatched: int
    offline: bool | None = None
    """None: nobody probed whether the running system can reach it."""

    encrypted: bool
    age_hours: float
    backup: str | None = None
    """The digest of the backup that was restored."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "restored": True,
    "mismatched": 0,
    "offline": True,
    "encrypted": True,
    "ageHours": 3.0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "restored": "mostly",
    "mismatched": 0,
    "offline": True,
    "encrypted": True,
    "ageHours": 3.0,
}

"""That a detector of the running system saw something that must not be.

Why it matters: the clock of an incident stops at the first alarm that is on record, not at anybody's memory of one.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/alarm/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That a detector of the running system saw something that must not be; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    detector: str
    asset: str
    """The id of what it is about."""

    seen: str
    """The digest of what was seen, so that nothing of it has to be repeated here."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "detector": "canary",
    "asset": "assistant",
    "seen": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "detector": "canary",
    "asset": "assistant",
}

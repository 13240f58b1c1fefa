"""That a file is what was signed or recorded, or that a change to it is refused.

Why it matters: weights that change unseen are somebody else's model.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/integrity-check/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That a file is what was signed or recorded, or that a change to it is refused; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    event: Literal["trained", "rehash", "load", "tamper-drill", "shared"]
    checked: int
    mismatched: int
    missing: int
    signed: bool | None = None
    signature: str | None = None
    lag_seconds: int | None = None
    refused: bool | None = None
    independent: bool | None = None
    release: str | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "event": "rehash",
    "checked": 1,
    "mismatched": 0,
    "missing": 0,
    "signed": True,
    "signature": "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "event": "glance",
    "checked": 1,
    "mismatched": 0,
    "missing": 0,
    "signed": True,
    "signature": "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
}

"""That a supplier's passport was verified by somebody downstream, and how it came out.

Why it matters: a customer answers for what it builds on, and must be able to show that it looked.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/passport-verification/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That a supplier's passport was verified by somebody downstream; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    supplier: str
    release: str
    verdict: Literal["released", "refused", "could not decide"]
    exit: int
    anchored: bool
    root: str
    profile: str
    checkpoint: str


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "supplier": "cheque-desk",
    "release": "1.0.0",
    "verdict": "released",
    "exit": 0,
    "anchored": True,
    "root": "sha256:" + "a" * 64,
    "profile": "start",
    "checkpoint": "sha256:" + "b" * 64,
}
BAD: dict[str, Any] = {**GOOD, "verdict": "splendid"}

"""Which release decision was made, on which log prefix.

Why it matters: the decision itself is an object that anybody can make again.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/gate-decision/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Which release decision was made, on which log prefix; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    decision: str
    verdict: Literal["released", "refused", "could not decide"]
    exit: int
    log_size: int
    log_root: str


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "decision": "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
    "verdict": "released",
    "exit": 0,
    "logSize": 12,
    "logRoot": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "decision": "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
    "verdict": "maybe",
    "exit": 0,
    "logSize": 12,
    "logRoot": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
}

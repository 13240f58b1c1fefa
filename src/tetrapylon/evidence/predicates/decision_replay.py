"""That a recorded decision was made again, and whether it came out the same.

Why it matters: a verdict that cannot be reproduced cannot be trusted.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/decision-replay/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That a recorded decision was made again, and whether it came out the same; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    decision: str
    identical: bool


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "decision": "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
    "identical": True,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "decision": "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
    "identical": "nearly",
}

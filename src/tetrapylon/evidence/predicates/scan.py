"""What a scanner found in files, without running any of them.

Why it matters: a model file can carry code that runs when it is loaded.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/scan/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What a scanner found in files, without running any of them; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    verdict: Literal["clean", "review", "malicious", "incomplete"]
    scanned: int
    not_clean: int
    incomplete: int
    rules: str
    sandboxed: bool | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "verdict": "clean",
    "scanned": 3,
    "notClean": 0,
    "incomplete": 0,
    "rules": "2026.11",
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "verdict": "fine",
    "scanned": 3,
    "notClean": 0,
    "incomplete": 0,
    "rules": "2026.11",
}

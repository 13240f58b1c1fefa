"""Known weaknesses of components (in-toto vulns v0.2, with what could not be checked).

Why it matters: a component that could not be checked is not a safe one.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://in-toto.io/attestation/vulns/v0.2"


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Known weaknesses of components; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    scanner: dict[str, Any]
    unchecked: int | None = None
    """Nought, or nothing where something could not be checked: what is not known is not clean."""

    overdue: int
    matched: int


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "scanner": {"uri": "https://tetrapylon.example/advisories", "result": []},
    "unchecked": 0,
    "overdue": 0,
    "matched": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "scanner": "grep",
    "unchecked": 0,
    "overdue": 0,
    "matched": 0,
}

"""What users and researchers are told: limits, guidance, duties, and how to report.

Why it matters: people can only act safely on what they know.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/disclosure/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What users and researchers are told: limits, guidance, duties, and how to report; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    release: str | None = None
    files: dict[str, str] | None = None
    """Digests of what is published, by name: the signature on this statement is one on them."""

    security_txt_valid: bool | None = None
    safe_harbour: bool | None = None
    ai_scope: bool | None = None
    expires: str | None = None
    limitations_shipped: bool | None = None
    guidance_shipped: bool | None = None
    responsibilities: bool | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "securityTxtValid": True,
    "safeHarbour": True,
    "aiScope": True,
    "expires": "2027-06-01T00:00:00Z",
    "limitationsShipped": True,
    "guidanceShipped": True,
    "responsibilities": True,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "securityTxtValid": True,
    "safeHarbour": "maybe",
    "aiScope": True,
    "expires": "2027-06-01T00:00:00Z",
    "limitationsShipped": True,
    "guidanceShipped": True,
    "responsibilities": True,
}

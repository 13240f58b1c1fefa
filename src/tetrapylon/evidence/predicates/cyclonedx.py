"""A bill of materials (CycloneDX).

Why it matters: what a system is made of decides which advisories are about it.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://cyclonedx.org/bom"


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A bill of materials; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    bom_format: Literal["CycloneDX"]
    spec_version: str
    components: list[dict[str, Any]] | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "bomFormat": "CycloneDX",
    "specVersion": "1.7",
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "bomFormat": "SPDX",
    "specVersion": "1.7",
}

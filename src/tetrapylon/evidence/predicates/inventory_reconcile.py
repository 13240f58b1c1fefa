"""How the declared assets compare with what is really there.

Why it matters: what is not known cannot be protected.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/inventory-reconcile/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """How the declared assets compare with what is really there; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    scope: str | None = None
    """`assets` (what is there) or `supply` (where it comes from): each looks at its own part and answers for nothing else."""

    release: str | None = None
    inventory: dict[str, str] | None = None
    """Digests of what is declared, by kind and id, for the next comparison."""

    empty_classes: list[str] | None = None
    added: int | None = None
    changed: int | None = None
    missing: int | None = None
    unknown: int | None = None
    without_supplier: int | None = None
    unpinned: int | None = None
    unverified: int | None = None
    marked: int | None = None
    """Parts that somebody marked as used unpinned or unverified, with a reason and an end."""

    outside_sources: int | None = None
    versioned: bool | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "emptyClasses": [],
    "added": 0,
    "changed": 0,
    "missing": 0,
    "unknown": 0,
    "withoutSupplier": 0,
    "unpinned": 0,
    "unverified": 0,
    "outsideSources": 0,
    "versioned": True,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "emptyClasses": [],
    "added": "none",
    "changed": 0,
    "missing": 0,
    "unknown": 0,
    "withoutSupplier": 0,
    "unpinned": 0,
    "unverified": 0,
    "outsideSources": 0,
    "versioned": True,
}

"""The state of the signing keys: known, encrypted, in date, rotated.

Why it matters: a signature is worth what its key's care is worth.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/key-management/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """The state of the signing keys: known, encrypted, in date, rotated; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    keys: int
    expired: int
    unencrypted: int
    threshold: int
    rotated_days: float
    inventory_complete: bool


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "keys": 9,
    "expired": 0,
    "unencrypted": 0,
    "threshold": 2,
    "rotatedDays": 30.0,
    "inventoryComplete": True,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "keys": "many",
    "expired": 0,
    "unencrypted": 0,
    "threshold": 2,
    "rotatedDays": 30.0,
    "inventoryComplete": True,
}

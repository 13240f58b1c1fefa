"""What answered to those who should have been refused.

Why it matters: access control is what is denied, not what is written.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/access-probe/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What answered to those who should have been refused; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    probes: int
    wrong: int
    shared_across: int
    plaintext_secrets: int
    storage_wrong: int
    standing_grants: int


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "probes": 60,
    "wrong": 0,
    "sharedAcross": 0,
    "plaintextSecrets": 0,
    "storageWrong": 0,
    "standingGrants": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "probes": 60,
    "wrong": "no",
    "sharedAcross": 0,
    "plaintextSecrets": 0,
    "storageWrong": 0,
    "standingGrants": 0,
}

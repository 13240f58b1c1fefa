"""What answered to those who should have been refused.

The event says which half of it this is: `endpoints` is what the running gateway answered, `places` is who can reach files, keys
and environments. What could not be looked at is left out.
Why it matters: access control is what is denied, not what is written.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/access-probe/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What answered to those who should have been refused; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    event: Literal["endpoints", "places"] | None = None
    probes: int | None = None
    """Requests, or identities of the pipeline, that were tried and decided."""

    wrong: int | None = None
    """Those that were let in, or may more than their work."""

    bypasses: int | None = None
    """Models that processes of the same machine reach past the gateway."""

    shared_across: int | None = None
    plaintext_secrets: int | None = None
    storage_wrong: int | None = None
    standing_grants: int | None = None


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

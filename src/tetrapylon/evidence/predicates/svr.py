"""The properties that a release was found to have, and why it was not released (in-toto SVR v0.2).

Why it matters: a VSA cannot say that nothing could be decided.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://in-toto.io/attestation/svr/v0.2"


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The properties that a release was found to have, and why it was not released; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    verifier: dict[str, Any]
    time_created: str
    properties: list[str]


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "verifier": {"id": "https://tetrapylon.example/gate"},
    "timeCreated": "2026-06-01T00:00:00Z",
    "properties": [],
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "verifier": {"id": "https://tetrapylon.example/gate"},
    "timeCreated": "2026-06-01T00:00:00Z",
    "properties": "all",
}

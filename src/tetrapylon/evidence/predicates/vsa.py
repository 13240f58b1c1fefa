"""That a release was verified against a policy: PASSED or FAILED (SLSA VSA v1).

Why it matters: tools that know nothing of us can still read the verdict.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://slsa.dev/verification_summary/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """That a release was verified against a policy: PASSED or FAILED; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    verifier: dict[str, Any]
    time_verified: str
    resource_uri: str
    policy: dict[str, Any]
    verification_result: Literal["PASSED", "FAILED"]
    verified_levels: list[str]
    input_attestations: list[dict[str, Any]] | None = None
    slsa_version: str | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "verifier": {"id": "https://tetrapylon.example/gate"},
    "timeVerified": "2026-06-01T00:00:00Z",
    "resourceUri": "urn:tetrapylon:s:1",
    "policy": {"uri": "x"},
    "verificationResult": "PASSED",
    "verifiedLevels": [],
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "verifier": {"id": "https://tetrapylon.example/gate"},
    "timeVerified": "2026-06-01T00:00:00Z",
    "resourceUri": "urn:tetrapylon:s:1",
    "policy": {"uri": "x"},
    "verificationResult": "UNSURE",
    "verifiedLevels": [],
}

"""How a suite of tests ended (in-toto test-result v0.1, with sizes and bounds).

Why it matters: an error is not resistance, and not run is not pass.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://in-toto.io/attestation/test-result/v0.1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How a suite of tests ended; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    result: Literal["PASSED", "WARNED", "FAILED"]
    configuration: list[dict[str, Any]]
    suite: str | None = None
    kind: str | None = None
    cases: int | None = None
    errors: int | None = None
    upper_bound: float | None = None
    limit: float | None = None
    invalid: bool | None = None
    control_caught: bool | None = None
    threats_uncovered: int | None = None
    open_critical: int | None = None
    limits_published: bool | None = None
    modalities_uncovered: int | None = None
    smoke: bool | None = None
    """Whether only a few cases of each kind were run."""

    failed_tests: list[str] | None = None
    detail: list[str] | None = None
    """What users must be told, the gravest first."""

    tool: dict[str, Any] | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "result": "PASSED",
    "configuration": [],
    "suite": "smoke",
    "kind": "redteam",
    "cases": 300,
    "errors": 0,
    "upperBound": 0.01,
    "limit": 0.02,
    "invalid": False,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "result": "GREEN",
    "configuration": [],
    "suite": "smoke",
    "kind": "redteam",
    "cases": 300,
    "errors": 0,
    "upperBound": 0.01,
    "limit": 0.02,
    "invalid": False,
}

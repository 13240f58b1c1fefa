"""How well a defence tells attacks from honest inputs.

Why it matters: a detector that was never measured gives false comfort.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/input-defence-measurement/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """How well a defence tells attacks from honest inputs; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    family: str
    tpr: float
    fpr: float
    cases: int
    missing_actions: int | None = None
    """Detections that led to no action; absent where nothing could act, which is not none."""

    tpr_interval: list[float] | None = None
    """Wilson, 95 %."""

    fpr_interval: list[float] | None = None
    set_digest: str | None = None
    """Of the labelled cases."""

    defence_digest: str | None = None
    """Of what was measured: the rules in force, or the detector."""

    microseconds: float | None = None
    """CPU time for one case."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "family": "preprocessing",
    "tpr": 0.99,
    "fpr": 0.01,
    "cases": 500,
    "missingActions": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "family": "preprocessing",
    "tpr": "high",
    "fpr": 0.01,
    "cases": 500,
    "missingActions": 0,
}

"""What monitoring saw in a window of time, silence included.

Why it matters: a monitor that says nothing may be broken.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/monitor-window/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What monitoring saw in a window of time, silence included; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    event: Literal["baseline", "window", "drill", "canary"]
    baseline_bound: bool
    baseline: str | None = None
    """Digest of what was normal, as it was learnt."""

    observations: int
    alarms: int
    silent: bool
    step_detected: bool | None = None
    drift_detected: bool | None = None
    intrusion_detected: bool | None = None
    confusion: float | None = None
    requests: int | None = None
    logged: int | None = None


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "event": "window",
    "baselineBound": True,
    "observations": 1000,
    "alarms": 0,
    "silent": False,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "event": "glance",
    "baselineBound": True,
    "observations": 1000,
    "alarms": 0,
    "silent": False,
}

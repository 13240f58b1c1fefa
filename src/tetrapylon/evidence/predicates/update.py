"""That updates are signed, tested and can be rolled back, and that attacks on them are refused.

Why it matters: an update channel is the shortest way into every installation.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/update/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That updates are signed, tested and can be rolled back, and that attacks on them are refused; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    automatic: bool | None = None
    """Whether an installation that nobody configured updated itself."""

    threshold_root: int | None = None
    """Signatures that the root of trust, and with it every release, needs."""

    tamper_refused: bool | None = None
    rollback_refused: bool | None = None
    freeze_refused: bool | None = None
    expiry_refused: bool | None = None
    mix_refused: bool | None = None
    fast_forward_refused: bool | None = None
    separate_targets: bool | None = None
    evaluated: bool | None = None
    version_rule_followed: bool | None = None
    rolled_back: bool | None = None
    preview: bool | None = None
    previous_served: bool | None = None
    """Whether the version before the newest was still there to be served."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "automatic": True,
    "thresholdRoot": 2,
    "tamperRefused": True,
    "rollbackRefused": True,
    "freezeRefused": True,
    "separateTargets": True,
    "evaluated": True,
    "versionRuleFollowed": True,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "automatic": True,
    "thresholdRoot": "two",
    "tamperRefused": True,
    "rollbackRefused": True,
    "freezeRefused": True,
    "separateTargets": True,
    "evaluated": True,
    "versionRuleFollowed": True,
}

"""That an incident was rehearsed: detected, contained and recovered, with times.

Why it matters: a plan that was never rehearsed fails when it is needed.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/incident-drill/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That an incident was rehearsed: detected, contained and recovered, with times; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    scenario: str
    detected: bool | None = None
    """None, here and below: no drill, or nothing that could be looked at, answered it."""

    contained: bool | None = None
    recovered: bool | None = None
    seconds_to_detect: float | None = None
    seconds_to_contain: float | None = None
    seconds_to_recover: float | None = None
    gaps_open: int | None = None
    playbooks_missing: int | None = None
    steps_failed: int | None = None
    contacts_invalid: int | None = None
    sealed_first: bool | None = None
    responders_untrained: int | None = None
    kill_seconds: float | None = None
    participants: list[str] | None = None
    """Ids of the persons who took part."""

    order: dict[str, int] | None = None
    """Log records that prove the order: `detected`, `sealed`, and `destructive` where such a step was taken."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "scenario": "poisoned-model",
    "detected": True,
    "contained": True,
    "recovered": True,
    "secondsToDetect": 2.0,
    "secondsToRecover": 30.0,
    "gapsOpen": 0,
    "playbooksMissing": 0,
    "stepsFailed": 0,
    "contactsInvalid": 0,
    "sealedFirst": True,
    "respondersUntrained": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "scenario": "poisoned-model",
    "detected": 1,
    "contained": True,
    "recovered": True,
    "secondsToDetect": 2.0,
    "secondsToRecover": 30.0,
    "gapsOpen": 0,
    "playbooksMissing": 0,
    "stepsFailed": 0,
    "contactsInvalid": 0,
    "sealedFirst": True,
    "respondersUntrained": 0,
}

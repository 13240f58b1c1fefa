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
    detected: bool
    contained: bool
    recovered: bool
    seconds_to_detect: float
    seconds_to_recover: float
    gaps_open: int
    playbooks_missing: int
    steps_failed: int
    contacts_invalid: int
    sealed_first: bool
    responders_untrained: int
    kill_seconds: float | None = None


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

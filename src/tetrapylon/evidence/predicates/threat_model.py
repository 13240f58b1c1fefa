"""What can go wrong with a system, and that each threat has a decision.

Why it matters: a release is judged against its own threats, and an undecided one is an open door.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/threat-model/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What can go wrong with a system, and that each threat has a decision; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    threats: int
    undecided: int | None = None
    """None, here and below: nobody could read what was decided."""

    accepted_without_expiry: int | None = None
    accepted_without_adviser: int | None = None
    uncovered: list[str]
    claimed_only: int | None = None
    """Mitigations (a threat and a practice) that no live evidence shows."""

    open_triggers: int | None = None
    sensitivity_scored: bool | None = None
    """None: no data is declared whose class could move a score."""

    causes: list[str]
    closed_without_reason: int
    weight_theft_scenarios: int
    automated_attack_scenarios: int | None = None
    closed: int | None = None
    summary_digest: str | None = None
    decisions: str | None = None
    """The digest of the file that holds people's decisions."""

    basis: dict[str, Any] | None = None
    """What the model follows from: digests of the topology, the rules and each asset that matters."""

    kept: dict[str, str] | None = None
    """The severity of each threat by its name (by its id where it is about a person); a later model is compared with it."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "threats": 12,
    "undecided": 0,
    "acceptedWithoutExpiry": 0,
    "acceptedWithoutAdviser": 0,
    "uncovered": [],
    "claimedOnly": 0,
    "openTriggers": 0,
    "sensitivityScored": True,
    "causes": ["compromise", "unexpected-behaviour"],
    "closedWithoutReason": 0,
    "weightTheftScenarios": 1,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "threats": "twelve",
    "undecided": 0,
    "acceptedWithoutExpiry": 0,
    "acceptedWithoutAdviser": 0,
    "uncovered": [],
    "claimedOnly": 0,
    "openTriggers": 0,
    "sensitivityScored": True,
    "causes": ["compromise", "unexpected-behaviour"],
    "closedWithoutReason": 0,
    "weightTheftScenarios": 1,
}

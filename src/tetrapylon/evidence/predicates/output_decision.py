"""That people decided on outputs before they were acted on.

Why it matters: a decision on an output is a person's, by name.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

TYPE = "https://tetrapylon.example/predicate/output-decision/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """That people decided on outputs before they were acted on; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    decisions: int
    without_person: int | None = None
    """None where it could not be told."""

    undecided: int
    output_digest: str | None = None
    person: str | None = None
    """Who decided, where this is one decision: an id of the manifest."""

    action: Literal["approve", "reject"] | None = None
    reason: str | None = None
    hold: str | None = None
    """What was held, if the output was."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "decisions": 5,
    "withoutPerson": 0,
    "undecided": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "decisions": "5",
    "withoutPerson": 0,
    "undecided": 0,
}

"""What became of real incidents: evidence sealed, reported, learned from.

Why it matters: an incident that changes nothing will come again.
"""

from __future__ import annotations

from typing import Any

import msgspec

TYPE = "https://tetrapylon.example/predicate/incident-record/v1"


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """What became of real incidents: evidence sealed, reported, learned from; times are UTC."""

    observed_from: str
    observed_to: str
    demo: bool = False
    tool: dict[str, Any] | None = None
    detail: list[str] | None = None
    sealed_first: bool | None = None
    """None, here and below: there was no incident that it could be said of."""

    report_drafted: bool | None = None
    loop_closed: bool | None = None
    open: int | None = None
    without_lesson: int | None = None
    regressions_pinned: int | None = None
    regressions_lost: int | None = None
    """Pinned files that the log knows and that are gone or changed."""

    regressions_red: int | None = None
    """None where none is red and one was not tried on this release."""

    incident: dict[str, Any] | None = None
    """One event in the life of one incident: its id, the event, when, and what belongs to it."""


GOOD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "sealedFirst": True,
    "reportDrafted": True,
    "loopClosed": True,
    "open": 0,
    "withoutLesson": 0,
}
BAD: dict[str, Any] = {
    "observedFrom": "2026-06-01T00:00:00Z",
    "observedTo": "2026-06-01T00:00:00Z",
    "sealedFirst": True,
    "reportDrafted": True,
    "loopClosed": True,
    "open": "some",
    "withoutLesson": 0,
}

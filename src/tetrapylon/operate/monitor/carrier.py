"""What a look at text says: how suspicious, from 0 to 1, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of something hidden."""

    score: float
    """0 is nothing, 0.5 wants a person's eye, 0.75 and more has no honest use."""

    why: str


NOTHING = Sign(0.0, "")

"""The six values that a practice can have, and how a verdict follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tetrapylon.kernel.errors import Exit


class State(StrEnum):
    """What the evidence says of a practice. Only PASS and a valid WAIVED count."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    STALE = "STALE"
    WAIVED = "WAIVED"
    NOT_APPLICABLE = "NOT APPLICABLE"


STATE_RANK: dict[State, int] = {
    State.FAIL: 0,
    State.UNKNOWN: 1,
    State.STALE: 2,
    State.WAIVED: 3,
    State.PASS: 4,
    State.NOT_APPLICABLE: 5,
}
"""Worst first: a practice is as good as its worst part."""


@dataclass(frozen=True, slots=True)
class PracticeState:
    """One practice's state, why, and the log records that it was read from."""

    id: str
    state: State
    reason: str
    evidence: tuple[int, ...] = ()
    waiver_expired: bool = False
    withheld: bool = False
    """Whether a record that could decide this has no statement here (withheld or erased)."""


VERDICT_OF_EXIT: dict[int, str] = {Exit.GOOD: "released", Exit.REFUSED: "refused", Exit.UNDECIDED: "could not decide"}


def exit_of(states: Iterable[PracticeState]) -> Exit:
    """Return how a gate ends on these states: 1 on a failure or expired waiver, else 3 on anything open, else 0.

    No practice at all decides nothing.
    """
    found = tuple(states)
    if any(each.state is State.FAIL or each.waiver_expired for each in found):
        return Exit.REFUSED
    if not found or any(each.state in {State.UNKNOWN, State.STALE} for each in found):
        return Exit.UNDECIDED
    return Exit.GOOD

"""A drill of one switch, measured where callers are: break the real thing, wait until the alternate answers, and go back.

What it does: asks the running gateway as a caller does, before, during and after something was really broken. It stops the
clock at the first answer that the alternate gave, and at the first that the model itself gave again. Requests that must be
refused are sent while the model answers and again while the alternate does: the same must happen.
Why it matters: an alternate that was never tried is a hope, and one that is guarded less is an attacker's hope.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tetrapylon.outside.clock import pause

STEP = 0.1
"""Seconds between two questions: a key may ask some hundred times a minute."""

Trigger = str
"""`outage` or `security-status`."""


class Caller(Protocol):
    """Asks the gateway for one model."""

    def served_by(self) -> str | None:
        """Ask once; return the id of the model that answered, or None where nobody did."""
        ...

    def refused(self) -> dict[str, bool]:
        """Send what must be refused; return by name whether it was."""
        ...


class Injection(Protocol):
    """Something that is really broken, and mended again."""

    @property
    def trigger(self) -> Trigger:
        """What it is an exercise of."""
        ...

    def hurt(self) -> None:
        """Break it."""
        ...

    def mend(self) -> None:
        """Mend it."""
        ...


@dataclass(frozen=True, slots=True)
class Drilled:
    """What one drill measured."""

    model: str
    alternate: str
    trigger: Trigger
    switched: bool
    seconds: float
    """From the break to the first answer of the alternate; how long it was waited for where there was none."""

    unanswered: int
    """Requests between the two that got no answer."""

    guards_held: bool
    back_seconds: float | None
    """From the mending to the first answer of the model itself; None where it did not come back."""

    detail: tuple[str, ...] = field(default=())

    @property
    def good(self) -> bool:
        """Whether everything went as it should."""
        return self.switched and self.guards_held and self.back_seconds is not None


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long each switch is waited for."""

    switch: float
    back: float


def hold(
    model: str, alternate: str, caller: Caller, injection: Injection, patience: Patience, now: Callable[[], float] = time.monotonic
) -> Drilled:
    """Hold one drill; whatever happens, what was broken is mended."""
    before = caller.refused()
    began = now()
    try:
        injection.hurt()
        seconds, unanswered = _until(caller, alternate, began, patience.switch, now)
        during = caller.refused() if seconds is not None else {}
    finally:
        injection.mend()
    back, _ = _until(caller, model, now(), patience.back, now)
    held = seconds is not None and bool(before) and all(before.values()) and before.keys() == during.keys() and all(during.values())
    waited = now() - began if seconds is None else seconds
    said = _said(model, alternate, injection.trigger, seconds, unanswered, back)
    loose = [*_loose(before, model), *_loose(during, alternate)]
    return Drilled(model, alternate, injection.trigger, seconds is not None, round(waited, 3), unanswered, held, back, (*said, *loose))


def _until(caller: Caller, wanted: str, began: float, most: float, now: Callable[[], float]) -> tuple[float | None, int]:
    """Ask until the wanted model answers; return after how many seconds, and how many requests nobody answered."""
    unanswered = 0
    while True:
        found = caller.served_by()
        if found == wanted:
            return round(now() - began, 3), unanswered
        unanswered += found is None
        if now() - began > most:
            return None, unanswered
        pause(STEP)


def _said(model: str, alternate: str, trigger: Trigger, seconds: float | None, unanswered: int, back: float | None) -> Sequence[str]:
    if seconds is None:
        said = f"switched: {trigger}: not switched: `{alternate}` did not answer in the place of `{model}`"
    else:
        said = f"{trigger}: `{alternate}` answered in the place of `{model}` after {seconds:.2f} s, {unanswered} requests got no answer"
    return (said, f"`{model}` did not answer again" if back is None else f"`{model}` answered again after {back:.2f} s")


def _loose(found: dict[str, bool], model: str) -> list[str]:
    return [f"guardsHeld: while `{model}` answered this was not refused: {name}" for name, refused in found.items() if not refused]

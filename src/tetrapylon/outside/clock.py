"""The only place that knows what time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import sleep, time_ns
from typing import Protocol

from tetrapylon.kernel.errors import UsageError

_FORM = "%Y-%m-%dT%H:%M:%SZ"


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> str:
        """Return the time, UTC, as `YYYY-MM-DDTHH:MM:SSZ`; such texts sort as the times do."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The clock of the machine, as good as whoever sets it."""

    def now(self) -> str:
        """Return the time of the machine, UTC, whole seconds."""
        return datetime.now(UTC).strftime(_FORM)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: for re-runs at a recorded time and for tests."""

    time: str

    def __post_init__(self) -> None:
        parse_time(self.time)

    def now(self) -> str:
        """Return the time that the clock stands at."""
        return self.time


def parse_time(text: str) -> datetime:
    """Return the moment that the text names.

    Raises:
        UsageError: not `YYYY-MM-DDTHH:MM:SSZ` in exactly this spelling (`bad-time`).
    """
    try:
        found = datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    except (ValueError, TypeError):
        found = None
    if found is None or found.strftime(_FORM) != text:
        raise UsageError(f"`{text[:40]}` is not a time", hint="times are UTC and look like `2026-01-31T12:00:00Z`", code="bad-time")
    return found


def format_time(moment: datetime) -> str:
    """Return a moment in the spelling that `parse_time` reads."""
    return moment.astimezone(UTC).strftime(_FORM)


def milliseconds() -> int:
    """Return the time of the machine in milliseconds since 1970, UTC."""
    return time_ns() // 1_000_000


def time_of(moment: int) -> str:
    """Return a time in milliseconds since 1970 as `YYYY-MM-DDTHH:MM:SSZ`, whole seconds."""
    return format_time(datetime.fromtimestamp(moment // 1000, UTC))


def pause(seconds: float) -> None:
    """Wait."""
    sleep(seconds)


def parse_date(text: str) -> date:
    """Return the day that the text names.

    Raises:
        UsageError: not `YYYY-MM-DD` (`bad-date`).
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise UsageError(f"`{text[:40]}` is not a day", hint="days look like `2026-01-31`", code="bad-date")
    return found

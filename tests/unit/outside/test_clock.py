"""Clocks tell the time in the one spelling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.clock import Clock, FixedClock, SystemClock, parse_time


def test_the_clock_of_the_machine_is_near() -> None:
    clock: Clock = SystemClock()
    assert abs(datetime.now(UTC) - parse_time(clock.now())) < timedelta(seconds=5)


def test_a_fixed_clock_stands_still() -> None:
    clock: Clock = FixedClock("2026-01-31T12:00:00Z")
    assert clock.now() == clock.now() == "2026-01-31T12:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-01-31T12:00:00+00:00",
        "2026-01-31t12:00:00Z",
        "2026-1-31T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-01-31T12:00:00.5Z",
        "2026-01-31T12:00:00Z\n",
        "٢٠٢٦-01-31T12:00:00Z",
        "26-01-31T12:00:00Z",
    ],
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        FixedClock(text)
    assert caught.value.code == "bad-time"

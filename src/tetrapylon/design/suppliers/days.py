"""How many days lie between two moments."""

from __future__ import annotations

from datetime import date


def days_between(start: str, end: str) -> int:
    """Return whole days from one time or day to another; negative where the second is earlier.

    >>> days_between("2026-01-31T12:00:00Z", "2026-02-01")
    1
    """
    return (date.fromisoformat(end[:10]) - date.fromisoformat(start[:10])).days

"""Plain JSON of strangers, read without trust: whatever is not of the shape that is asked for is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MOST = 5_000
"""Entries of one list that are looked at."""


def table(value: Any, *keys: str) -> Mapping[str, Any]:
    """Return the table behind these keys, an empty one if there is none."""
    for each in keys:
        value = value.get(each) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the tables in a list."""
    yield from (each for each in (value[:MOST] if isinstance(value, list) else ()) if isinstance(each, dict))


def text(value: Any, otherwise: str = "") -> str:
    """Return the text or the whole number as text."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else otherwise

"""Who is told how long work goes on: by default nobody; a screen that wants to show it listens.

Work is a sequence of steps, and a step may have parts: `begin`, any number of `advance`, `end`. What is told changes nothing
about the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Listener:
    """Hears of steps and does nothing; a screen overrides what it wants to hear."""

    def begin(self, step: str, parts: int = 0) -> None:
        """Hear that a step begins; `parts` is how many there will be, 0 where nobody knows."""

    def advance(self, part: str) -> None:
        """Hear that the work turns to a part of the step."""

    def end(self, said: str = "") -> None:
        """Hear that the step is done, and what there is to say about it."""


SILENT = Listener()
"""Nobody listens."""


def told(listener: Listener, step: str, parts: Sequence[_T], names: Iterable[str]) -> Iterator[_T]:
    """Yield the parts of a step, and tell the listener which one the work has turned to."""
    listener.begin(step, len(parts))
    for part, name in zip(parts, names, strict=True):
        listener.advance(name)
        yield part
    listener.end()

"""ADWIN: a window over a stream that shrinks when its two ends no longer look alike (Bifet and Gavaldà, 2007).

*What it does*: keeps recent values as counted groups whose sizes are powers of two, and drops the oldest groups while any cut
splits the window into two parts whose means differ more than chance allows.
*Why it matters*: it sees a step and a slow drift alike, needs no idea of what is normal, and its memory grows with the
logarithm of the stream.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

GROUPS = 5
"""Groups of one size that are kept before the two oldest become one of twice the size."""


@dataclass(slots=True)
class Group:
    """Some values in a row: how many, their sum, and the sum of squared distances from their mean."""

    count: int
    total: float
    spread: float


@dataclass(slots=True)
class Adwin:
    """A window that keeps what still looks like the present."""

    delta: float = 0.002
    """The chance of a false alarm that each look may take."""

    every: int = 32
    """Values between two looks."""

    least: int = 5
    """Values that each side of a cut must have."""

    rows: list[list[Group]] = field(default_factory=lambda: [[]])
    """Groups by size, the smallest first; within a row the newest first."""

    count: int = 0
    total: float = 0.0
    spread: float = 0.0
    seen: int = 0

    @property
    def mean(self) -> float:
        """The mean of the window."""
        return self.total / self.count if self.count else 0.0

    def add(self, value: float) -> bool:
        """Take one value and return whether the window shrank: what comes now is not what came before."""
        self.seen += 1
        if self.count:
            self.spread += self.count * (value - self.mean) ** 2 / (self.count + 1)
        self.rows[0].insert(0, Group(1, value, 0.0))
        self.count += 1
        self.total += value
        self._merge()
        return self.seen % self.every == 0 and self.count > 2 * self.least and self._shrink()

    def _merge(self) -> None:
        for level, row in enumerate(self.rows):
            if len(row) <= GROUPS:
                return
            older, old = row.pop(), row.pop()
            if level + 1 == len(self.rows):
                self.rows.append([])
            between = old.count * older.count * (old.total / old.count - older.total / older.count) ** 2 / (old.count + older.count)
            self.rows[level + 1].insert(0, Group(old.count + older.count, old.total + older.total, old.spread + older.spread + between))

    def _shrink(self) -> bool:
        shrank = False
        while self._has_cut():
            shrank = True
            self._drop()
        return shrank

    def _has_cut(self) -> bool:
        """Return whether any cut, from the oldest group on, leaves two sides that differ."""
        count, total = 0, 0.0
        for row in reversed(self.rows):
            for group in reversed(row):
                count, total = count + group.count, total + group.total
                rest = self.count - count
                if rest < self.least:
                    return False
                if count >= self.least and self._differ(count, total / count, rest, (self.total - total) / rest):
                    return True
        return False

    def _differ(self, count: int, mean: float, rest: int, other: float) -> bool:
        chance = math.log(2 * math.log(self.count) / self.delta)
        inverse = 1 / (count - self.least + 1) + 1 / (rest - self.least + 1)
        variance = max(self.spread, 0.0) / self.count
        return abs(mean - other) > math.sqrt(2 * inverse * variance * chance) + 2 / 3 * chance * inverse

    def _drop(self) -> None:
        """Forget the oldest group."""
        row = self.rows[-1]
        old = row.pop()
        self.count -= old.count
        self.total -= old.total
        if self.count:
            self.spread -= old.spread + old.count * self.count * (old.total / old.count - self.mean) ** 2 / (old.count + self.count)
        while len(self.rows) > 1 and not self.rows[-1]:
            self.rows.pop()

    @property
    def groups(self) -> int:
        """How many groups are kept: what the memory is made of."""
        return sum(map(len, self.rows))

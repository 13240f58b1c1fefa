"""An attack on a model that reads numbers: what it is handed and what it promises.

A part in `attacks/` offers `THREATS`, `NEEDS` (`gradient` or `scores`), and `perturb(reader, rows, labels, strength, random)`, which
returns rows of the same shape between 0 and 1. `BOUND` says how far a row may move: `linf` (each number by the strength) or `free`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tetrapylon.kernel.shelf import Shelf

SHELF = Shelf("tetrapylon.deploy.release.attacks")
Rows = np.ndarray[Any, Any]
Need = Literal["gradient", "scores", "nothing"]


@dataclass(frozen=True)
class Reader:
    """A model as an attacker sees it."""

    scores: Callable[[Rows], Rows]
    gradient: Callable[[Rows, Rows], Rows] | None = None
    """The gradient of the loss by the row, for each row and its label; None where nobody can compute it."""

    side: int = 0
    """The side of square pictures; 0 where rows are no pictures."""

    library: str = "pil"
    kernel: str = "bilinear"
    """How the declared preprocessing makes pictures small."""

    def read(self, rows: Rows) -> Rows:
        """Return the label of each row."""
        found: Rows = self.scores(rows).argmax(axis=1)
        return found

    def margin(self, rows: Rows, labels: Rows) -> Rows:
        """Return how much the right label is ahead of the best other; negative is a mistake."""
        scores = self.scores(rows)
        at = np.arange(len(rows))
        right = scores[at, labels]
        others = scores.copy()
        others[at, labels] = -np.inf
        found: Rows = right - others.max(axis=1)
        return found

"""What happens to pictures on their way: shift, blur, contrast, dead pixels.

What it does: applies each to every row, as strong as asked for, and keeps for each row what was worst.
Why it matters: cameras, scanners and compression do it every day.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tetrapylon.deploy.release.attack import Reader, Rows

THREATS = ("unfamiliar-input", "wrong-prediction", "evasion")
NEEDS = "scores"
BOUND = "free"


def perturb(reader: Reader, rows: Rows, labels: Rows, strength: float, random: np.random.Generator) -> Rows:
    """Return the worst of the corruptions for each row."""
    best, worst = rows.copy(), reader.margin(rows, labels)
    for now in _corrupted(rows, reader.side, strength, random):
        margin = reader.margin(now, labels)
        better = margin < worst
        best[better], worst[better] = now[better], margin[better]
    return best


def _corrupted(rows: Rows, side: int, strength: float, random: np.random.Generator) -> Iterator[Rows]:
    yield np.clip(0.5 + (rows - 0.5) * (1 - strength), 0, 1)
    yield np.clip(rows + strength / 2, 0, 1)
    yield np.where(random.random(rows.shape) < strength / 4, 0.0, rows)
    if not side:
        return
    pictures = rows.reshape(len(rows), -1, side)
    shift = max(1, round(strength * 4))
    for axis in (1, 2):
        yield np.roll(pictures, shift, axis=axis).reshape(rows.shape)
        yield ((1 - strength) * pictures + strength * (np.roll(pictures, 1, axis) + np.roll(pictures, -1, axis)) / 2).reshape(rows.shape)

"""Noise that nobody aims.

What it does: adds normal noise with the strength as its deviation, five times, and keeps for each row what was worst.
Why it matters: what breaks in bad light needs no attacker.
"""

from __future__ import annotations

import numpy as np

from tetrapylon.deploy.release.attack import Reader, Rows

THREATS = ("unfamiliar-input", "wrong-prediction")
NEEDS = "scores"
BOUND = "free"
TIMES = 5


def perturb(reader: Reader, rows: Rows, labels: Rows, strength: float, random: np.random.Generator) -> Rows:
    """Return the noisy rows."""
    best, worst = rows.copy(), reader.margin(rows, labels)
    for _ in range(TIMES):
        now = np.clip(rows + random.normal(0, strength, rows.shape), 0, 1)
        margin = reader.margin(now, labels)
        better = margin < worst
        best[better], worst[better] = now[better], margin[better]
    return best

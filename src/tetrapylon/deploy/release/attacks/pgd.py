"""Many small steps along the gradient, each time brought back into the bound (PGD).

What it does: twenty steps from a random start, and keeps for each row what was worst. Source: Madry et al. 2018.
Why it matters: the measure that robustness figures are compared by.
"""

from __future__ import annotations

import numpy as np

from tetrapylon.deploy.release.attack import Reader, Rows

THREATS = ("evasion",)
NEEDS = "gradient"
BOUND = "linf"
STEPS = 20


def perturb(reader: Reader, rows: Rows, labels: Rows, strength: float, random: np.random.Generator) -> Rows:
    """Return the rows after the steps."""
    if reader.gradient is None:
        return rows
    low, high = np.clip(rows - strength, 0, 1), np.clip(rows + strength, 0, 1)
    now = np.clip(rows + random.uniform(-strength, strength, rows.shape), low, high)
    best, worst = now.copy(), reader.margin(now, labels)
    for _ in range(STEPS):
        now = np.clip(now + 2.5 * strength / STEPS * np.sign(reader.gradient(now, labels)), low, high)
        margin = reader.margin(now, labels)
        better = margin < worst
        best[better], worst[better] = now[better], margin[better]
    return best

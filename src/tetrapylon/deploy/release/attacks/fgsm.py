"""One step along the sign of the gradient (FGSM).

What it does: moves each number by the strength in the direction that raises the loss. Source: Goodfellow et al. 2015.
Why it matters: the cheapest attack that knows the model; who falls to it falls to all.
"""

from __future__ import annotations

import numpy as np

from tetrapylon.deploy.release.attack import Reader, Rows

THREATS = ("evasion",)
NEEDS = "gradient"
BOUND = "linf"


def perturb(reader: Reader, rows: Rows, labels: Rows, strength: float, random: np.random.Generator) -> Rows:
    """Return the rows after the step."""
    del random
    if reader.gradient is None:
        return rows
    return np.clip(rows + strength * np.sign(reader.gradient(rows, labels)), 0, 1)

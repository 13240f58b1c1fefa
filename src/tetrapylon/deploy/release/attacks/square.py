"""Random squares, kept when they help (Square Attack): no gradient, only scores.

What it does: sets random patches to plus or minus the strength and keeps those that lower the margin. Source: Andriushchenko et al. 2020.
Why it matters: an attacker who may only ask is the usual one.
"""

from __future__ import annotations

import numpy as np

from tetrapylon.deploy.release.attack import Reader, Rows

THREATS = ("evasion", "automated-attack")
NEEDS = "scores"
BOUND = "linf"
QUERIES = 300


def perturb(reader: Reader, rows: Rows, labels: Rows, strength: float, random: np.random.Generator) -> Rows:
    """Return the rows after the queries."""
    width = rows.shape[1]
    side = reader.side or width
    low, high = np.clip(rows - strength, 0, 1), np.clip(rows + strength, 0, 1)
    stripes = random.choice((-strength, strength), (len(rows), side))
    now: Rows = np.clip(rows + (np.tile(stripes, (1, width // side)) if reader.side else stripes), low, high)
    margin = reader.margin(now, labels)
    for query in range(QUERIES):
        open_ = np.flatnonzero(margin > 0)
        if not len(open_):
            break
        tried = _patched(now[open_], rows[open_], strength, _size(side, query), reader.side, random)
        tried = np.clip(tried, low[open_], high[open_])
        found = reader.margin(tried, labels[open_])
        better = found < margin[open_]
        now[open_[better]], margin[open_[better]] = tried[better], found[better]
    return now


def _size(side: int, query: int) -> int:
    """Return the side of the patch, which shrinks as queries are used up."""
    share: float = 0.5 * 0.5 ** (6 * query / QUERIES)
    return max(1, round(share * side))


def _patched(now: Rows, rows: Rows, strength: float, size: int, side: int, random: np.random.Generator) -> Rows:
    tried = now.copy()
    for each in range(len(now)):
        sign = random.choice((-strength, strength))
        if side:
            top, left = random.integers(0, side - size + 1, 2)
            picture, plain = tried[each].reshape(-1, side), rows[each].reshape(-1, side)
            picture[top : top + size, left : left + size] = plain[top : top + size, left : left + size] + sign
        else:
            at = random.choice(now.shape[1], size, replace=False)
            tried[each, at] = rows[each, at] + sign
    return tried

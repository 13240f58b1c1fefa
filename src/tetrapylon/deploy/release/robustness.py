"""How a model that reads numbers stands attacks: accuracy with its bounds at each strength, against a declared floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tetrapylon.deploy.release.attack import SHELF, Reader, Rows
from tetrapylon.deploy.release.statistics import clopper_pearson, clustered
from tetrapylon.kernel.canonical import Json

CURVE = (0.0, 0.25, 0.5, 1.0)
"""Shares of the strength at which accuracy is measured; the last one is judged."""


@dataclass(frozen=True)
class Held:
    """Rows that training did not see."""

    rows: Rows
    labels: Rows
    groups: Rows


def by_group(right: Rows, groups: Rows) -> list[tuple[int, int]]:
    """Return (right, tries) of each group: rows of one group are not independent."""
    return [(int(right[groups == each].sum()), int((groups == each).sum())) for each in np.unique(groups)]


def bounds(right: Rows, groups: Rows) -> tuple[float, float]:
    """Return bounds of the accuracy: exact where each row stands for itself, else by group."""
    clusters = by_group(right, groups)
    if len(clusters) == len(right):
        low, high = clopper_pearson(int(right.sum()), len(right))
    else:
        low, high = clustered(clusters)
    return low, high


def sample(held: Held, size: int, random: np.random.Generator) -> Held:
    """Return one row of each of so many groups."""
    groups = random.permutation(np.unique(held.groups))[:size]
    at = [int(random.choice(np.flatnonzero(held.groups == each))) for each in groups]
    return Held(held.rows[at], held.labels[at], held.groups[at])


def withstand(model: str, reader: Reader, held: Held, wanted: Mapping[str, Json], seed: int, why_no_gradient: str) -> dict[str, Any]:
    """Return how the model stands one attack."""
    part = SHELF.part(str(wanted["attack"]), "attack")
    strength, floor = float(wanted["strength"]), float(wanted["floor"])
    row = {"model": model, "attack": wanted["attack"], "strength": strength, "floor": floor, "threats": list(part.THREATS)}
    if part.NEEDS == "gradient" and reader.gradient is None:
        return {**row, "verdict": "not-run", "reason": f"it needs gradients: {why_no_gradient}", "curve": [], "pictures": 0}
    chosen = sample(held, int(wanted["pictures"]), np.random.default_rng(seed))
    curve = [
        _point(part.perturb, reader, chosen, share * strength, seed)
        for share in CURVE
        if wanted["attack"] != "scaling" or share in {0.0, 1.0}
    ]
    last = curve[-1]
    passed = last["interval"][0] >= floor
    reason = f"{last['right']} of {last['of']} right, at least {last['interval'][0]:.1%}; {floor:.1%} is asked for"
    said = {"accuracy": last["accuracy"], "interval": last["interval"], "pictures": last["of"], "curve": curve}
    return {**row, "verdict": "passed" if passed else "failed", "reason": reason, **said}


def _point(perturb: Callable[..., Rows], reader: Reader, held: Held, strength: float, seed: int) -> dict[str, Any]:
    rows = held.rows if strength == 0 else perturb(reader, held.rows, held.labels, strength, np.random.default_rng(seed))
    right = reader.read(rows) == held.labels
    low, high = bounds(right, held.groups)
    return {"strength": strength, "accuracy": float(right.mean()), "interval": [low, high], "right": int(right.sum()), "of": len(right)}


def lines(rows: Sequence[Mapping[str, Json]]) -> list[str]:
    """Return the rows for a reader."""
    return [f"  {row['verdict']:<16} {row['model']} {row['attack']:<12} {row['reason']}" for row in rows]

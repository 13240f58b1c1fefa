"""Inputs unlike the training data: three looks at how far an input lies from it, joined by their ranks.

*What it does*: relative Mahalanobis distance (to the nearest class, less that to the whole), distance to the k-th neighbour,
and what is left outside the main subspace less how sure the model is (in the manner of ViM). Each is turned into its rank among
honest held-out inputs, and the ranks are joined; a threshold is the rank that a chosen share of honest inputs exceeds.
*Why it matters*: a model answers with a digit also where the picture shows none, and how sure it sounds says little.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from tetrapylon.kernel.errors import IntegrityError, UndecidedError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]
    Ints = NDArray[np.integer]

Probabilities = Callable[["Floats"], "Floats"]

NEIGHBOURS = 5
KEPT = 0.95
"""The share of variance that the main subspace holds."""

MOST_KEPT = 2500
"""Training inputs that neighbours are looked for among."""

HONEST = 0.015
"""The share of honest inputs that may exceed the threshold; the limit of the practice is two in a hundred."""


@dataclass(frozen=True)
class Familiar:
    """What inputs of a model look like; plain arrays, so that it is a file without code."""

    middle: Floats
    basis: Floats
    scale: Floats
    centres: Floats
    whitening: Floats
    whitening_all: Floats
    neighbours: Floats
    ranks: Floats
    """Scores of honest inputs, sorted, one row for each look."""

    threshold: Floats
    """One number: the joined rank from which on an input is unfamiliar."""

    def scores(self, inputs: Floats, sure: Floats) -> Floats:
        """Return the three looks at inputs (n, d), given how sure the model is of each; (3, n), higher is stranger."""
        import numpy as np

        inputs = _directions(inputs)
        centred = inputs - self.middle
        main = centred @ self.basis
        outside = np.linalg.norm(centred - main @ self.basis.T, axis=1)
        points = main / self.scale
        by_class = np.stack([(((points - centre) @ self.whitening) ** 2).sum(axis=1) for centre in self.centres])
        relative = by_class.min(axis=0) - ((points @ self.whitening_all) ** 2).sum(axis=1)
        return np.stack([relative, _to_neighbour(inputs, self.neighbours), outside * (2 - sure)])

    def joined(self, inputs: Floats, sure: Floats) -> Floats:
        """Return how strange each input is: the mean of its ranks, and beyond the last rank by how much it exceeds it."""
        import numpy as np

        found = []
        for look, honest in zip(self.scores(inputs, sure), self.ranks, strict=True):
            rank = np.searchsorted(honest, look) / len(honest)
            spread = max(float(honest[-1] - np.median(honest)), 1e-9)
            found.append(rank + np.clip((look - honest[-1]) / spread, 0, 10))
        # The look at neighbours counts three times: measured alone it tells most kinds apart.
        joined: Floats = (np.sum(found, axis=0) + 2 * found[1]) / 5
        return joined

    def strange(self, inputs: Floats, sure: Floats) -> NDArray[np.bool_]:
        """Return which inputs are unfamiliar."""
        return self.joined(inputs, sure) > float(self.threshold[0])


def fit(inputs: Floats, labels: Ints, honest: Floats, honest_sure: Floats) -> Familiar:
    """Learn what training inputs look like, and freeze ranks and threshold on honest inputs that were not among them."""
    import numpy as np

    inputs = _directions(inputs)
    middle = inputs.mean(axis=0)
    spread, columns = np.linalg.eigh(np.cov(inputs, rowvar=False))
    share = np.cumsum(spread[::-1]) / np.sum(spread)
    basis = columns[:, ::-1][:, : int(np.searchsorted(share, KEPT)) + 1]
    main = (inputs - middle) @ basis
    scale = main.std(axis=0) + 1e-9
    points = main / scale
    centres = np.stack([points[labels == each].mean(axis=0) for each in np.unique(labels)])
    within = np.concatenate([points[labels == each] - centre for each, centre in zip(np.unique(labels), centres, strict=True)])
    step = max(1, len(points) // MOST_KEPT)
    unranked = Familiar(
        middle, basis, scale, centres, _whitening(within), _whitening(points), inputs[::step], np.zeros((3, 1)), np.array([np.inf])
    )
    ranks = np.sort(unranked.scores(honest, honest_sure), axis=1)
    ranked = Familiar(**{**{each.name: getattr(unranked, each.name) for each in fields(unranked)}, "ranks": ranks})
    threshold = np.quantile(ranked.joined(honest, honest_sure), 1 - HONEST)
    return Familiar(**{**{each.name: getattr(ranked, each.name) for each in fields(ranked)}, "threshold": np.array([threshold])})


def _directions(inputs: Floats) -> Floats:
    """Return the inputs at length 1: how bright a picture is says little about what it shows."""
    import numpy as np

    found: Floats = inputs / np.maximum(np.linalg.norm(inputs, axis=1, keepdims=True), 1e-6)
    return found


def _whitening(points: Floats) -> Floats:
    import numpy as np

    covariance = np.cov(points, rowvar=False) + 1e-3 * np.eye(points.shape[1])
    values, vectors = np.linalg.eigh(covariance)
    found: Floats = vectors / np.sqrt(values)
    return found


def _to_neighbour(points: Floats, kept: Floats) -> Floats:
    """Return the distance to the k-th nearest training input, in blocks that fit into memory."""
    import numpy as np

    squares = (kept**2).sum(axis=1)
    found = []
    for block in np.array_split(points, max(1, len(points) // 500)):
        distances = (block**2).sum(axis=1)[:, None] + squares[None, :] - 2 * block @ kept.T
        nearest = np.partition(distances, NEIGHBOURS - 1, axis=1)[:, NEIGHBOURS - 1]
        found.append(np.sqrt(np.clip(nearest, 0, None)))
    return np.concatenate(found)


def to_bytes(found: Familiar) -> bytes:
    """Return it as a file of arrays (`.npz`); the same arrays always give the same bytes."""
    import numpy as np

    out = io.BytesIO()
    np.savez(out, **{each.name: np.asarray(getattr(found, each.name), dtype=np.float32) for each in fields(found)})  # type: ignore[arg-type]  # names are ours
    return out.getvalue()


def from_bytes(data: bytes) -> Familiar:
    """Return what `to_bytes` wrote; nothing in the file is run.

    Raises:
        IntegrityError: it is not such a file (`not-fitted`).
    """
    import numpy as np

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return Familiar(**{each.name: arrays[each.name] for each in fields(Familiar)})
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as error:
        raise IntegrityError("what was fitted cannot be read", hint="run `tetrapylon operate monitor fit`", code="not-fitted") from error


def need_numpy() -> None:
    """Say which extra to install where numpy, scipy or onnxruntime are missing.

    Raises:
        UndecidedError: one is (`extra`).
    """
    from importlib.util import find_spec

    missing = [each for each in ("numpy", "scipy", "PIL", "onnxruntime") if find_spec(each) is None]
    if missing:
        raise UndecidedError(f"{', '.join(missing)} is not installed", hint="install `tetrapylon[monitor]`", code="extra")

"""Image-scaling attacks of our own, for measuring: an image that people see as one thing and the model's resize turns into another.

*What it does*: finds the least change (squares) of a source image after which the resize gives a wanted view, and keeps pixels
between 0 and 255 by going back and forth between both conditions.
*Why it matters*: a detector, and the linter's figures, are only worth what they were measured on.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tetrapylon.operate.monitor.preprocessing.kernels import Kernel, operator

if TYPE_CHECKING:
    from tetrapylon.operate.monitor.preprocessing.kernels import Floats

ROUNDS = 4
"""How often both conditions are met in turn: the view is then within a few grey levels where it can be met at all."""


def view(image: Floats, kernel: Kernel, size: tuple[int, int]) -> Floats:
    """Return what the model is shown of a grey image."""
    return operator(kernel, image.shape[0], size[0]) @ image @ operator(kernel, image.shape[1], size[1]).T


def hide(image: Floats, target: Floats, kernel: Kernel) -> Floats:
    """Return the image, changed so that its view is the target, with whole pixels between 0 and 255."""
    import numpy as np

    rows, columns = operator(kernel, image.shape[0], target.shape[0]), operator(kernel, image.shape[1], target.shape[1])
    back_rows, back_columns = _inverse(kernel, *rows.shape), _inverse(kernel, *columns.shape)
    found = image.astype(np.float32)
    for _ in range(ROUNDS):
        missing = target - rows @ found @ columns.T
        found = np.clip(found + back_rows @ missing @ back_columns.T, 0, 255)
    return np.round(found)


@lru_cache(maxsize=16)
def _inverse(kernel: Kernel, target: int, source: int) -> Floats:
    """Return the right inverse of an operator: the least source change for each unit of change in the view."""
    import numpy as np

    rows = operator(kernel, source, target).astype(np.float64)
    gram = rows @ rows.T
    # A little damping: antialiased operators are nearly singular for the finest patterns.
    found: Floats = (rows.T @ np.linalg.inv(gram + 1e-6 * np.trace(gram) / len(gram) * np.eye(len(gram)))).astype(np.float32)
    return found

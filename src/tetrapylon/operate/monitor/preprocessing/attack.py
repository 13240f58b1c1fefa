"""Image-scaling attacks of our own, for measuring: an image that people see as one thing and the model's resize turns into another.

*What it does*: finds the least change (squares) of a source image after which the resize gives a wanted view, and keeps pixels
between 0 and 255 by going back and forth between both conditions.
*Why it matters*: a detector, and the linter's figures, are only worth what they were measured on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tetrapylon.operate.monitor.preprocessing.kernels import Kernel, operator

if TYPE_CHECKING:
    from tetrapylon.operate.monitor.preprocessing.kernels import Floats

ROUNDS = 6
"""How often both conditions are met in turn; a view is then within about one grey level where it can be met at all."""


def view(image: Floats, kernel: Kernel, size: tuple[int, int]) -> Floats:
    """Return what the model is shown of a grey image or of each channel of one: (height, width[, channels])."""
    import numpy as np

    rows, columns = operator(kernel, image.shape[0], size[0]), operator(kernel, image.shape[1], size[1])
    return np.moveaxis(rows @ np.moveaxis(image, -1, 0) @ columns.T, 0, -1) if image.ndim == 3 else rows @ image @ columns.T  # noqa: PLR2004


def hide(image: Floats, target: Floats, kernel: Kernel) -> Floats:
    """Return the image, changed so that its view is the target, with whole pixels between 0 and 255."""
    import numpy as np

    rows = operator(kernel, image.shape[0], target.shape[0]).astype(np.float64)
    columns = operator(kernel, image.shape[1], target.shape[1]).astype(np.float64)
    back_rows, back_columns = _inverse(rows), _inverse(columns)
    found = image.astype(np.float64)
    for _ in range(ROUNDS):
        missing = target - rows @ found @ columns.T
        found = np.clip(found + back_rows @ missing @ back_columns.T, 0, 255)
    return np.round(found).astype(np.float32)


def _inverse(rows: Floats) -> Floats:
    """Return the right inverse of an operator: the least source change for each unit of change in the view."""
    import numpy as np

    # A little damping: antialiased operators are nearly singular for the finest patterns.
    gram = rows @ rows.T
    return np.asarray(rows.T @ np.linalg.inv(gram + 1e-6 * np.trace(gram) / len(gram) * np.eye(len(gram))))

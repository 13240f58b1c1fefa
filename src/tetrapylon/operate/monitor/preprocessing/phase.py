"""The phase test: does the image hold something that shows only where the model's resize happens to sample?

*What it does*: compares how far the model's resize departs from a plain average, at the pixels that it samples, with how far
the same resize departs at pixels in between. Of an honest image the two are alike; of a scaling attack the first is larger,
as a whole or in a part of the image.
*Why it matters*: an image-scaling attack changes what the model sees and nearly nothing of what people see.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tetrapylon.operate.monitor.preprocessing.kernels import Kernel, operator

if TYPE_CHECKING:
    from tetrapylon.operate.monitor.preprocessing.kernels import Floats

PLAIN_AVERAGE = Kernel("area", 0.5, widened=True)
FLOOR = 1.0
"""Grey levels of deviation that say nothing: rounding and sensor noise."""

PATCH = 15
"""The side of the patch, in pixels of the view, over which deviations are averaged; less in small views."""

SHARE = 0.999
"""Which quantile of the patches decides: one patch may be odd by chance."""


def strangeness(grey: Floats, kernel: Kernel, size: tuple[int, int]) -> float:
    """Return how much more the resize departs from a plain average at its own samples than in between, in the worst patch (log)."""
    import numpy as np
    from scipy.ndimage import uniform_filter

    found = deviations(grey, kernel, size)
    side = max(3, min(PATCH, min(size) // 5 * 2 + 1))
    smooth = np.stack([uniform_filter(each, side) for each in found])
    log = np.log((smooth[0] + FLOOR) / (smooth[1:].max(axis=0) + FLOOR))
    return float(np.quantile(log, SHARE))


def deviations(grey: Floats, kernel: Kernel, size: tuple[int, int]) -> Floats:
    """Return how far the resize departs from the plain average: (phases, height, width), the model's own phase first."""
    import numpy as np

    (height, width), down, across = size, _steps(grey.shape[0] / size[0]), _steps(grey.shape[1] / size[1])
    rows = {each: [_sparse(one, grey.shape[0], height, each) @ grey for one in (kernel, PLAIN_AVERAGE)] for each in {0, down}}
    found = []
    for row, column in dict.fromkeys(((0, 0), (down, 0), (0, across), (down, across))):
        views = [
            (_sparse(one, grey.shape[1], width, column) @ part.T).T for one, part in zip((kernel, PLAIN_AVERAGE), rows[row], strict=True)
        ]
        found.append(np.abs(views[0] - views[1]))
    return np.stack(found)


def _steps(ratio: float) -> int:
    """Return how many whole pixels further the other phase lies: about half the way to the next sample."""
    return max(1, round(ratio / 2)) if ratio > 1 else 0


@lru_cache(maxsize=128)
def _sparse(kernel: Kernel, source: int, target: int, shift: int) -> Any:
    from scipy.sparse import csr_array

    return csr_array(operator(kernel, source, target, float(shift)))

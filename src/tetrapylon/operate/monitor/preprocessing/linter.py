"""How exploitable a resize is: how much of the source must change for one unit of change in what the model sees.

*What it does*: from the exact operator, the root mean square of the least change of the source over that of the view, on average
over all views. Near 1 whoever changes what the model sees changes what people see; far below, hardly anything shows.
*Why it matters*: the cheapest defence against image-scaling attacks is another kernel, and this says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tetrapylon.operate.monitor.preprocessing.kernels import Kernel, find_kernel, operator

EXPLOITABLE = 0.6
"""Below this an attack hides: the payload is spread over few pixels."""

VISIBLE = 0.9
"""From here on a change of the view is a change of the image."""

Said = Literal["exploitable", "partly", "visible"]


@dataclass(frozen=True, slots=True)
class Linted:
    """What is said about one resize."""

    library: str
    kernel: str
    source: tuple[int, int]
    size: tuple[int, int]
    change: float
    """Source change for one unit of change in the view; root mean squares."""

    @property
    def verdict(self) -> Said:
        """Whether an attack through it hides."""
        return "exploitable" if self.change < EXPLOITABLE else "visible" if self.change >= VISIBLE else "partly"


def lint(library: str, kernel: str, source: tuple[int, int], size: tuple[int, int]) -> Linted:
    """Return what is said about a resize from `source` to `size`, both height and width.

    Raises:
        UndecidedError: what the library does is not known here (`unknown-resize`).
    """
    found = find_kernel(library, kernel)
    change = (_axis(found, source[0], size[0]) * _axis(found, source[1], size[1])) ** 0.5
    return Linted(library, kernel, source, size, round(change, 3))


@lru_cache(maxsize=256)
def _axis(kernel: Kernel, source: int, target: int) -> float:
    """Return the mean square of the least change along one axis."""
    import numpy as np

    rows = operator(kernel, source, target).astype(np.float64)
    return float(np.trace(np.linalg.pinv(rows @ rows.T, rcond=1e-9)) / source)

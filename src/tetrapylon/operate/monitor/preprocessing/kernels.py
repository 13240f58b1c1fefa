"""The exact linear operator of each library's resize, along one axis: the view is `rows @ image @ columns.T`.

Every resize of these libraries is separable and linear but for rounding, so two small matrices say everything about it. Taps
that fall outside the image are given to the border pixel, or dropped and the rest scaled up, as the library does it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tetrapylon.kernel.errors import UndecidedError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]
    Matrix = NDArray[np.float32]

Shape = Callable[["Floats"], "Floats"]


@dataclass(frozen=True, slots=True)
class Kernel:
    """How one library resizes under one of its kernel names."""

    shape: str
    """`point`, `box`, `triangle`, `hamming`, `cubic-0.5`, `cubic-0.75`, `lanczos3`, `lanczos4` or `gauss`."""

    support: float
    """Half the width of the shape, in source pixels where it is not widened."""

    widened: bool
    """Whether the shape grows with the ratio (antialiasing); if not, pixels in between are skipped."""

    border: str = "drop"
    """`drop` taps outside and scale up the rest, or `clamp` them to the border pixel."""

    corner: bool = False
    """Whether pixels are counted from the corner (`floor(i * ratio)`), not from their centres."""


def _antialiased(border: str = "drop") -> dict[str, Kernel]:
    return {
        "nearest": Kernel("point", 0.5, widened=False),
        "box": Kernel("box", 0.5, widened=True, border=border),
        "area": Kernel("area", 0.5, widened=True),
        "bilinear": Kernel("triangle", 1, widened=True, border=border),
        "hamming": Kernel("hamming", 1, widened=True, border=border),
        "bicubic": Kernel("cubic-0.5", 2, widened=True, border=border),
        "lanczos": Kernel("lanczos3", 3, widened=True, border=border),
    }


KERNELS: dict[str, dict[str, Kernel]] = {
    "pil": {**{name: each for name, each in _antialiased().items() if name != "area"}, "nearest": Kernel("point-sum", 0.5, widened=False)},
    "opencv": {
        "nearest": Kernel("point", 0.5, widened=False, corner=True),
        "bilinear": Kernel("triangle", 1, widened=False, border="clamp"),
        "bicubic": Kernel("cubic-0.75", 2, widened=False, border="clamp"),
        "lanczos": Kernel("lanczos4", 4, widened=False, border="clamp"),
        "area": Kernel("area", 0.5, widened=True),
    },
    "torchvision": {
        "nearest": Kernel("point", 0.5, widened=False, corner=True),
        "bilinear": Kernel("triangle", 1, widened=True),
        "bicubic": Kernel("cubic-0.5", 2, widened=True),
    },
    "torchvision-no-antialias": {
        "bilinear": Kernel("triangle", 1, widened=False, border="clamp"),
        "bicubic": Kernel("cubic-0.75", 2, widened=False, border="clamp"),
    },
    "tensorflow": {
        "nearest": Kernel("point", 0.5, widened=False),
        "bilinear": Kernel("triangle", 1, widened=False, border="clamp"),
        "bicubic": Kernel("cubic-0.5", 2, widened=False, border="drop"),
        "lanczos": Kernel("lanczos3", 3, widened=False, border="drop"),
        "area": Kernel("area", 0.5, widened=True),
    },
    "tensorflow-antialias": {
        "bilinear": Kernel("triangle", 1, widened=True),
        "bicubic": Kernel("cubic-0.5", 2, widened=True),
        "lanczos": Kernel("lanczos3", 3, widened=True),
    },
    "onnx": {
        "nearest": Kernel("point-down", 0.5, widened=False),
        "bilinear": Kernel("triangle", 1, widened=False, border="clamp"),
        "bicubic": Kernel("cubic-0.75", 2, widened=False, border="clamp"),
    },
    "onnx-antialias": {
        "bilinear": Kernel("triangle", 1, widened=True),
        "bicubic": Kernel("cubic-0.75", 2, widened=True),
    },
    "scikit-image": {"bilinear": Kernel("gauss", 1, widened=True, border="clamp")},
}
"""Libraries as the manifest names them, and their other settings under names of their own."""

PLAIN = {"linear": "bilinear", "cubic": "bicubic", "lanczos4": "lanczos", "cv2": "opencv", "pillow": "pil", "torch": "torchvision"}
"""What people also call them."""


def find_kernel(library: str, kernel: str) -> Kernel:
    """Return how a library resizes.

    Raises:
        UndecidedError: what it does is not known here (`unknown-resize`).
    """
    found = KERNELS.get(PLAIN.get(library, library), {}).get(PLAIN.get(kernel, kernel))
    if found is None:
        raise UndecidedError(
            f"how {library} resizes with `{kernel}` is not known here",
            hint="known: " + ", ".join(f"{name} {each}" for name, found in KERNELS.items() for each in found),
            code="unknown-resize",
        )
    return found


@lru_cache(maxsize=64)
def operator(kernel: Kernel, source: int, target: int, shift: float = 0.0) -> Matrix:
    """Return the matrix (target, source) of one axis; with a shift, of the same resize whose samples lie so many pixels further."""
    import numpy as np

    ratio = source / target
    if kernel.shape == "area":
        return _area(source, target, shift)
    if kernel.shape == "gauss":
        linear = Kernel("triangle", 1, widened=False, border="clamp")
        return (operator(linear, source, target, shift) @ _gauss(source, max(0.0, (ratio - 1) / 2))).astype(np.float32)
    centres = (np.arange(target) + 0.5) * ratio - 0.5 + shift
    if kernel.shape.startswith("point"):
        return _points(kernel, source, target, shift)
    stretch = max(ratio, 1.0) if kernel.widened else 1.0
    reach = math.ceil(kernel.support * stretch) + 1
    places = np.floor(centres)[:, None].astype(int) + np.arange(-reach, reach + 1)[None, :]
    taps = _shape(kernel.shape)((places - centres[:, None]) / stretch)
    return _gathered(places, taps, source, target, clamp=kernel.border == "clamp")


def _gathered(places: NDArray[np.int_], taps: Floats, source: int, target: int, *, clamp: bool) -> Matrix:
    import numpy as np

    if not clamp:
        taps = np.where((places >= 0) & (places < source), taps, 0.0)
    found = np.zeros((target, source))
    np.add.at(found, (np.arange(target)[:, None], np.clip(places, 0, source - 1)), taps)
    found /= found.sum(axis=1, keepdims=True)
    return found.astype(np.float32)


def _points(kernel: Kernel, source: int, target: int, shift: float) -> Matrix:
    import numpy as np

    middle = 0.0 if kernel.corner else 0.5
    places = (np.arange(target) + middle) * (source / target) + shift
    if kernel.shape == "point-sum":
        # Pillow adds the ratio again and again, and where a sample falls between two pixels, what rounding adds up to decides.
        places = np.cumsum(np.concatenate([[0.5 * (source / target)], np.full(target - 1, source / target)])) + shift
    # ONNX rounds the centre's place, and a half down.
    chosen = np.ceil(places - 1.0) if kernel.shape == "point-down" else np.floor(places)
    found = np.zeros((target, source), dtype=np.float32)
    found[np.arange(target), np.clip(chosen, 0, source - 1).astype(int)] = 1
    return found


def _area(source: int, target: int, shift: float) -> Matrix:
    """Return the mean over the pixels, and the parts of pixels, that each target pixel covers."""
    import numpy as np

    ratio = source / target
    low = np.clip(np.arange(target) * ratio + shift, 0, source - 1)[:, None]
    high = np.clip((np.arange(target) + 1) * ratio + shift, 1, source)[:, None]
    edges = np.arange(source)[None, :]
    covered = np.clip(np.minimum(high, edges + 1) - np.maximum(low, edges), 0, None)
    return np.asarray(covered / covered.sum(axis=1, keepdims=True), dtype=np.float32)


def _gauss(source: int, sigma: float) -> Floats:
    """Return the blur that scikit-image does before it resizes; the image is mirrored at its border."""
    import numpy as np

    if sigma <= 0:
        return np.eye(source)
    reach = int(4 * sigma + 0.5)
    offsets = np.arange(-reach, reach + 1)
    taps = np.exp(-0.5 * (offsets / sigma) ** 2)
    places = np.abs(np.arange(source)[:, None] + offsets[None, :])
    places = np.abs((places + source - 1) % (2 * source - 2) - (source - 1)) if source > 1 else places * 0
    found = np.zeros((source, source))
    np.add.at(found, (np.arange(source)[:, None], places), (taps / taps.sum())[None, :])
    return found


def _shape(name: str) -> Shape:
    import numpy as np

    def sinc(x: Floats, lobes: int) -> Floats:
        return np.where(np.abs(x) < lobes, np.sinc(x) * np.sinc(x / lobes), 0.0)

    def cubic(x: Floats, a: float) -> Floats:
        x = np.abs(x)
        near, far = ((a + 2) * x - (a + 3)) * x * x + 1, (((x - 5) * x + 8) * x - 4) * a
        return np.where(x < 1, near, np.where(x < 2, far, 0.0))  # noqa: PLR2004 - where the shape ends

    def hamming(x: Floats) -> Floats:
        return np.where(np.abs(x) < 1, np.sinc(x) * (0.54 + 0.46 * np.cos(np.pi * x)), 0.0)

    shapes: dict[str, Shape] = {
        "box": lambda x: np.where((x > -0.5) & (x <= 0.5), 1.0, 0.0),  # noqa: PLR2004 - where the shape ends
        "triangle": lambda x: np.clip(1 - np.abs(x), 0, None),
        "hamming": hamming,
        "cubic-0.5": lambda x: cubic(x, -0.5),
        "cubic-0.75": lambda x: cubic(x, -0.75),
        "lanczos3": lambda x: sinc(x, 3),
        "lanczos4": lambda x: sinc(x, 4),
    }
    return shapes[name]

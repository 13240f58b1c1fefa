"""The blind test: does fine detail repeat at a steady distance, whatever the model's resize is said to be?

*What it does*: looks for a sharp line in the spectrum of fine detail along rows and columns, beside the lines that JPEG's blocks
of eight pixels and the image's own size leave.
*Why it matters*: a wrong declaration blinds a test that trusts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tetrapylon.operate.monitor.preprocessing.kernels import Floats

LEAST = 64
"""Pixels along an axis that a spectrum needs."""

_JPEG = 8


def periodicity(grey: Floats) -> float:
    """Return the strongest line of both axes over its surroundings (log); 0 where the image is too small to tell."""
    import numpy as np

    detail = np.abs(grey - _blurred(grey))
    found = [0.0]
    for axis in (0, 1):
        profile = np.minimum(detail, np.quantile(detail, 0.99)).mean(axis=axis)
        if profile.size >= LEAST:
            found.append(_line(profile))
    return max(found)


def _blurred(grey: Floats) -> Floats:
    from scipy.ndimage import uniform_filter

    found: Floats = uniform_filter(grey, 3)
    return found


def _line(profile: Floats) -> float:
    import numpy as np
    from scipy.ndimage import median_filter

    length = profile.size
    power = np.abs(np.fft.rfft((profile - profile.mean()) * np.hanning(length)))
    around = median_filter(power, 31) + 1e-3
    places = np.arange(power.size) / length
    # A period of 8 and its overtones is what JPEG leaves; below a twelfth there is picture, not pattern.
    near = np.abs(places * _JPEG - np.round(places * _JPEG)) < 2.5 * _JPEG / length
    allowed = (places > 1 / 12) & ~near
    return float(np.log((power / around)[allowed].max())) if allowed.any() else 0.0

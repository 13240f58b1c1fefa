"""A large picture that shows one thing to people and another to the model, once it is made small.

What it does: takes the picture of another label, enlarges an honest one, and changes only those pixels that the declared resizing
reads; the strength is the ratio of the sides. Source: Xiao et al. 2019, for kernels that skip pixels.
Why it matters: who looks at the upload sees nothing wrong.
"""

from __future__ import annotations

import numpy as np

from tetrapylon.deploy.release.attack import Reader, Rows

THREATS = ("image-scaling", "crop-attack")
NEEDS = "scores"
BOUND = "free"
SKIPPING = frozenset({"opencv", "tensorflow"})
"""Libraries whose plain resizing reads a fixed number of pixels, however large the picture is."""


def perturb(reader: Reader, rows: Rows, labels: Rows, strength: float, random: np.random.Generator) -> Rows:
    """Return what the model sees after the declared resizing of attacked large pictures."""
    if not reader.side:
        return rows
    ratio = max(2, round(strength))
    others = _others(rows, labels, random)
    large = np.repeat(np.repeat(rows.reshape(len(rows), -1, reader.side), ratio, axis=1), ratio, axis=2)
    hidden = large.copy()
    at = slice(ratio // 2, None, ratio)
    hidden[:, at, at] = others.reshape(len(rows), -1, reader.side)
    skips = reader.kernel == "nearest" or reader.library in SKIPPING
    return resized(hidden, reader.side, skips=skips).reshape(rows.shape)


def _others(rows: Rows, labels: Rows, random: np.random.Generator) -> Rows:
    """Return for each row one with another label."""
    found = rows.copy()
    for place, label in enumerate(labels):
        choice = np.flatnonzero(labels != label)
        if len(choice):
            found[place] = rows[random.choice(choice)]
    return found


def resized(pictures: Rows, side: int, *, skips: bool) -> Rows:
    """Return the pictures as the declared preprocessing makes them small.

    A kernel that skips pixels reads one place in each block; Pillow's weigh all pixels of a block and more.
    """
    ratio = pictures.shape[1] // side
    if skips:
        at = slice(ratio // 2, None, ratio)
        found: Rows = pictures[:, at, at]
        return found
    for axis in (1, 2):
        pictures = _triangle(pictures, side, axis)
    return pictures


def _triangle(pictures: Rows, side: int, axis: int) -> Rows:
    """Return one axis made small with a triangle as wide as two blocks, as Pillow does."""
    size = pictures.shape[axis]
    scale = size / side
    centres = (np.arange(side) + 0.5) * scale
    weights = np.maximum(0, 1 - np.abs(np.arange(size)[None, :] + 0.5 - centres[:, None]) / scale)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.moveaxis(np.tensordot(weights, pictures, axes=(1, axis)), 0, axis)

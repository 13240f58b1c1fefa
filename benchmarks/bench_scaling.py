"""How well, and how fast, the scaling detector tells attacks from honest images, at thresholds that were frozen before.

`TETRAPYLON_PHOTOS` names a folder of photographs: those that the thresholds were not frozen on are used. Without it scikit-learn's
two photographs are, which says little: the counts and intervals are printed. The baseline of a rate is the low end of its 95 %
interval (high end for false alarms).
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.scaling_set import CLEAN, Grey, attacks, clean, photographs
from tetrapylon.operate.monitor.inspecting import phase_threshold
from tetrapylon.operate.monitor.preprocessing.kernels import find_kernel
from tetrapylon.operate.monitor.preprocessing.phase import strangeness

RESIZES = (("opencv", "bilinear"), ("opencv", "bicubic"), ("pil", "nearest"))
RATIOS = (3.2, 4.57)
MOST = 24
"""Photographs."""


def run() -> Iterator[Figure]:
    """Measure each kernel at two ratios, and the time for 1024 x 680."""
    photos = list(_photos())[:MOST]
    for library, kernel in RESIZES:
        shape, random = find_kernel(library, kernel), np.random.default_rng(7)
        honest: dict[str, list[float]] = {name: [] for name in CLEAN}
        hostile: list[float] = []
        for number, grey in enumerate(photos):
            ratio = RATIOS[number % 2]
            size = (round(grey.shape[0] / ratio), round(grey.shape[1] / ratio))
            limit = phase_threshold(shape, ratio)
            for name, image in clean(grey, random):
                honest[name].append(strangeness(image, shape, size) - limit)
            hostile += [strangeness(each, shape, size) - limit for _, each in attacks(grey, photos[number - 1], shape, size, random)]
        every = [each for found in honest.values() for each in found]
        name = f"{library} {kernel}, {len(hostile)} attacks, {len(every)} honest images:"
        yield Figure(f"{name} AUROC", "", [_auroc(every, hostile)], limit=0.995, at="least", baseline=None)
        caught = sum(each >= 0 for each in hostile)
        yield Figure(f"{name} detected", "", [caught / len(hostile)], 0.98, "least", _wilson(caught, len(hostile))[0])
        false = sum(each >= 0 for each in every)
        yield Figure(f"{name} false alarms", "", [false / len(every)], 0.01, "most", _wilson(false, len(every))[1])
        for kind, found in honest.items():
            yield Figure(
                f"{library} {kernel}: false alarms, {kind}", "", [sum(each >= 0 for each in found) / len(found)], 0.02, "most", None
            )
    yield Figure("phase test of one 1024 x 680 image, cv2 linear to 224 x 224", "ms", _times(), limit=25, at="most", baseline=None)


def _photos() -> Iterator[Grey]:
    folder = os.environ.get("TETRAPYLON_PHOTOS")
    if folder:
        yield from (grey for part, grey in photographs(Path(folder)) if part == "test")
        return
    from sklearn.datasets import load_sample_images

    for image in load_sample_images().images:
        yield image.astype(np.float32).mean(axis=2).round()


def _times() -> list[float]:
    image, shape = np.random.default_rng(1).uniform(0, 255, (680, 1024)).astype(np.float32), find_kernel("opencv", "bilinear")
    strangeness(image, shape, (224, 224))
    found = []
    for _ in range(9):
        began = time.perf_counter()
        strangeness(image, shape, (224, 224))
        found.append(1000 * (time.perf_counter() - began))
    return found


def _auroc(honest: list[float], hostile: list[float]) -> float:
    pairs = np.subtract.outer(np.array(hostile), np.array(honest))
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


def _wilson(count: int, total: int, z: float = 1.959964) -> tuple[float, float]:
    rate, size = count / total, z * z / total
    half = z / (1 + size) * math.sqrt(rate * (1 - rate) / total + size / (4 * total))
    middle = (rate + size / 2) / (1 + size)
    return middle - half, middle + half

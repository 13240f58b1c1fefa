"""How well the looks at inputs tell attacks from honest inputs, on inputs that none of them was fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tetrapylon.operate.monitor.inspecting import SUSPECT, Resize, squash
from tetrapylon.operate.monitor.ood import Familiar
from tetrapylon.operate.monitor.preprocessing.attack import hide, view
from tetrapylon.operate.monitor.preprocessing.kernels import find_kernel
from tetrapylon.operate.monitor.preprocessing.phase import strangeness
from tetrapylon.operate.monitor.reader import Reader

if TYPE_CHECKING:
    import numpy as np

    from tetrapylon.operate.monitor.preprocessing.kernels import Floats

CASES = 200
SEED = 20260101
EPSILONS = (0.08, 0.15)
"""How far FGSM changes each pixel, of 1; random signs go twice as far as the larger."""

SLOPES = 100
"""Inputs whose slope is asked for: the model answers twice for each pixel of each."""

LETTERS = "ABCDEFGHKLMNPRTUVWXYZabdefghknrtwy&#@?"
SKIPPING = (("opencv", "bilinear"), ("opencv", "bicubic"), ("pil", "nearest"))
SCALES = (4, 6)


@dataclass(frozen=True, slots=True)
class Measured:
    """Rates of detection by kind of attack, and of false alarms by kind of honest input."""

    detected: Mapping[str, float]
    alarms: Mapping[str, float]
    cases: int

    @property
    def tpr(self) -> float:
        """The mean over kinds: a kind with many cases does not hide one with few."""
        return round(sum(self.detected.values()) / len(self.detected), 4)

    @property
    def fpr(self) -> float:
        """The mean over kinds of honest inputs."""
        return round(sum(self.alarms.values()) / len(self.alarms), 4)

    def sentences(self) -> list[str]:
        """Return the figures for a reader, the worst first."""
        kinds = sorted(self.detected, key=lambda kind: self.detected[kind])
        found = [f"detected: {kind} {self.detected[kind]:.3f}" for kind in kinds]
        return [*found, *(f"false alarms: {kind} {rate:.3f}" for kind, rate in self.alarms.items())]


def unfamiliar(reader: Reader, familiar: Familiar) -> Measured:
    """Measure what is said of letters, noise, inverted, blank, turned and shifted pictures, and of honest ones."""
    honest = reader.part(2)
    kinds = dict(_strangers(reader, honest))
    detected = {kind: float(familiar.strange(each, reader.sure(each)).mean()) for kind, each in kinds.items()}
    alarms = {"held-out inputs": float(familiar.strange(honest, reader.sure(honest)).mean())}
    return Measured(detected, alarms, len(honest) + sum(map(len, kinds.values())))


def _strangers(reader: Reader, honest: Floats) -> Iterator[tuple[str, Floats]]:
    import numpy as np

    random, side = np.random.default_rng(SEED), reader.side
    some = honest[random.permutation(len(honest))[:CASES]]
    square = some.reshape(-1, side, side)
    yield "letters", _letters(side, random)
    yield "noise", random.uniform(0, 1, some.shape).astype(np.float32)
    yield "inverted", 1 - some
    yield "blank paper", (random.integers(0, 24, some.shape) / 255).astype(np.float32)
    yield "turned by 90 degrees", np.rot90(square, axes=(1, 2)).reshape(some.shape)
    yield "shifted by a quarter", np.roll(square, side // 4, axis=2).reshape(some.shape)


def _letters(side: int, random: np.random.Generator) -> Floats:
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    found = []
    for number in range(CASES):
        page = Image.new("L", (side, side))
        at = (int(random.integers(3, 6)), int(random.integers(1, 4)))
        ImageDraw.Draw(page).text(at, LETTERS[number % len(LETTERS)], fill=240, font=ImageFont.load_default(10 + number % 3))
        ink = np.maximum(np.asarray(page), random.integers(0, 24, (side, side))).astype(np.float32)
        found.append((2 * ink + np.roll(ink, 1, 0) + np.roll(ink, 1, 1)) // 4 if number % 2 else ink)
    return (np.array(found).reshape(len(found), -1) / 255).astype(np.float32)


def adversarial(reader: Reader, familiar: Familiar) -> Measured:
    """Measure what is said of inputs that FGSM and noise make the model misread, and of honest ones."""
    import numpy as np

    random = np.random.default_rng(SEED)
    fitted, honest = reader.part(1), reader.part(2)
    minor = _minor(reader.part(0))
    limit = float(np.quantile(_doubt(reader, familiar, minor, fitted[::2]), 1 - 0.015))
    some = honest[random.permutation(len(honest))[:SLOPES]]
    read = reader.probabilities(some).argmax(axis=1)
    slope = np.sign(_slope(reader, some, read))
    hostile = {f"FGSM {epsilon}": np.clip(some + epsilon * slope, 0, 1) for epsilon in EPSILONS}
    hostile["random signs"] = np.clip(some + 2 * EPSILONS[-1] * random.choice([-1.0, 1.0], some.shape), 0, 1)
    fooled = {kind: each[reader.probabilities(each).argmax(axis=1) != read] for kind, each in hostile.items()}
    detected = {kind: float((_doubt(reader, familiar, minor, each) > limit).mean()) for kind, each in fooled.items() if len(each)}
    alarms = {"held-out inputs": float((_doubt(reader, familiar, minor, honest) > limit).mean())}
    return Measured(detected, alarms, len(honest) + sum(map(len, fooled.values())))


def _slope(reader: Reader, inputs: Floats, read: Floats) -> Floats:
    """Return how the loss of what is read now grows with each pixel, by asking the model: it need not tell its gradients."""
    import numpy as np

    step, found = 0.05, []
    for each, now in zip(inputs, read, strict=True):
        around = np.concatenate([each + step * np.eye(len(each)), each - step * np.eye(len(each))])
        sure = np.log(reader.probabilities(around)[:, now] + 1e-9)
        found.append(sure[len(each) :] - sure[: len(each)])
    return np.array(found)


def _doubt(reader: Reader, familiar: Familiar, minor: Floats, inputs: Floats) -> Floats:
    """Return how strange inputs are, how much the model's answers on other views disagree, and what hides where honest inputs are flat."""
    import numpy as np
    from scipy.ndimage import uniform_filter

    square = inputs.reshape(-1, reader.side, reader.side)
    views = [uniform_filter(square, (0, 2, 2)), np.roll(square, 1, axis=1), np.round(square * 3) / 3]
    now = reader.probabilities(inputs)
    apart = sum(np.abs(now - reader.probabilities(each.reshape(inputs.shape))).sum(axis=1) for each in views)
    flat = np.log(((inputs @ minor) ** 2).mean(axis=1) + 1e-9)
    joined: Floats = familiar.joined(inputs, reader.sure(inputs)) + 0.1 * np.asarray(apart) + 2 * np.maximum(flat, 0)
    return joined


def _minor(inputs: Floats) -> Floats:
    """Return the half of the directions in which honest inputs vary least, scaled by how much they do."""
    import numpy as np

    values, vectors = np.linalg.eigh(np.cov(inputs, rowvar=False))
    half = len(values) // 2
    found: Floats = vectors[:, :half] / np.sqrt(values[:half] + 1e-6)
    return found


def preprocessing(reader: Reader, declared: Resize) -> Measured:
    """Measure the scaling detector at the model's own view: digits on larger pictures, with another digit hidden in them.

    A view of so few pixels says less than the photographs that the thresholds in the package were frozen on, so a threshold
    for it is frozen on half of the held-out inputs, and measured on the other half.
    """
    import numpy as np

    random, size = np.random.default_rng(SEED), (reader.side, reader.side)
    parts = [list(_scans(reader, reader.part(number), size, random)) for number in (1, 2)]
    resizes = [*SKIPPING, *([(declared.library, declared.kernel)] if not find_kernel(declared.library, declared.kernel).widened else [])]
    detected, alarms = {}, {}
    for library, kernel in resizes:
        shape = find_kernel(library, kernel)
        known, honest = ([strangeness(each, shape, size) for each in part] for part in parts)
        limit = max(float(np.quantile(known, 0.998)) * 1.15, 1e-6)
        hostile = []
        for number, each in enumerate(parts[1][: CASES // 2]):
            other = view(parts[1][(number + 7) % len(parts[1])], shape, size)
            hostile.append(strangeness(hide(each, other, shape), shape, size))
        alarms[f"{library} {kernel}"] = float(np.mean([squash(each, limit) > SUSPECT for each in honest]))
        detected[f"{library} {kernel}"] = float(np.mean([squash(each, limit) > SUSPECT for each in hostile]))
    return Measured(detected, alarms, len(resizes) * (len(parts[1]) + CASES // 2))


def _scans(reader: Reader, inputs: Floats, size: tuple[int, int], random: np.random.Generator) -> Iterator[Floats]:
    """Yield digits as a scanner would give them: larger, smooth, with the noise of paper."""
    import numpy as np
    from PIL import Image

    for number, each in enumerate(inputs[random.permutation(len(inputs))[:CASES]]):
        scale = SCALES[number % len(SCALES)]
        small = Image.fromarray((each.reshape(reader.side, reader.side) * 255).astype(np.uint8))
        large = np.asarray(small.resize((size[1] * scale, size[0] * scale), Image.Resampling.BICUBIC), dtype=np.float32)
        yield np.clip(large + random.normal(0, 4, large.shape), 0, 255).round().astype(np.float32)

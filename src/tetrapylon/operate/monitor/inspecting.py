"""One look at one input: a score from 0 to 1, and what it says.

0.5 is where a look's frozen threshold lies, whatever its own scale; the worst look counts. From 0.5 on an input is suspect and
wants a person's eye, from 0.75 on it is rejected.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from tetrapylon.kernel.shelf import package_text
from tetrapylon.operate.monitor.images import open_image
from tetrapylon.operate.monitor.preprocessing.blind import periodicity
from tetrapylon.operate.monitor.preprocessing.kernels import Kernel, find_kernel
from tetrapylon.operate.monitor.preprocessing.linter import lint
from tetrapylon.operate.monitor.preprocessing.phase import strangeness
from tetrapylon.operate.monitor.text import signs

if TYPE_CHECKING:
    from tetrapylon.operate.monitor.preprocessing.kernels import Floats

SUSPECT, REJECT = 0.5, 0.75
LEAST_RATIO = 1.5
"""Where the model's view is hardly smaller than the image there is no room to hide in."""

Verdict = Literal["normal", "suspect", "reject"]
Look = Callable[["Floats"], tuple[float, str]]

_SKIPPING = (("opencv", "bilinear"), ("opencv", "nearest"), ("pil", "nearest"))
"""Resizes that are tried where the declared one skips no pixels, or was declared wrongly."""


_COMMON = (224, 256, 299, 384, 512)
"""Sides of views that are tried where none is declared."""


@dataclass(frozen=True, slots=True)
class Resize:
    """What a model does to an image before it sees it."""

    size: tuple[int, int]
    library: str
    kernel: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found about one input; a score of None: it could not be judged."""

    item: str
    score: float | None
    scores: Mapping[str, float]
    why: str

    @property
    def verdict(self) -> Verdict | None:
        """What the score says."""
        if self.score is None:
            return None
        return "reject" if self.score >= REJECT else "suspect" if self.score >= SUSPECT else "normal"

    def as_json(self) -> dict[str, Any]:
        """Return this as one line of `tetrapylon/inspect/1`."""
        found = {"schema": "tetrapylon/inspect/1", "item": self.item, "verdict": self.verdict, "score": self.score}
        return {**found, "scores": dict(self.scores), "threshold": SUSPECT, "why": self.why}


def inspect_text(item: str, text: str) -> Inspected:
    """Return what text carries that a person does not see."""
    found = signs(text)
    worst = max(found, key=lambda name: found[name].score)
    return Inspected(item, found[worst].score, {name: each.score for name, each in found.items()}, found[worst].why)


def inspect_image(item: str, data: bytes, resize: Resize | None, more: Mapping[str, Look] | None = None) -> Inspected:
    """Return whether an image shows the model something else than people, under the resize that is declared and under others.

    Raises:
        UndecidedError: it cannot be opened within the bounds (`bad-image`).
    """
    opened = open_image(data)
    scores, why = {}, {}
    for name, look in ({"scaling": _scaling(resize), "pattern": _pattern} | dict(more or {})).items():
        scores[name], why[name] = look(opened.grey)
    worst = max(scores, key=lambda name: scores[name])
    said = [why[worst]] if scores[worst] >= SUSPECT else []
    return Inspected(item, scores[worst], scores, "; ".join([*said, *opened.notes]))


def _scaling(resize: Resize | None) -> Look:
    def look(grey: Floats) -> tuple[float, str]:
        if resize is not None:
            return scaling_score(grey, resize)
        return max(scaling_score(grey, Resize((side, side), *_SKIPPING[0])) for side in _COMMON)

    return look


def scaling_score(grey: Floats, resize: Resize) -> tuple[float, str]:
    """Return the phase test's score for the declared resize and, beside it, for those that skip pixels."""
    found = [(declared_score(grey, resize.library, resize.kernel, resize.size), f"{resize.library} {resize.kernel}")]
    found += [(declared_score(grey, *each, resize.size), " ".join(each)) for each in _SKIPPING if each != (resize.library, resize.kernel)]
    score, name = max(found)
    return score, f"something shows only where {name} to {resize.size[0]} x {resize.size[1]} samples the image"


def declared_score(grey: Floats, library: str, kernel: str, size: tuple[int, int]) -> float:
    """Return the phase test's score for one resize: 0 where it skips no pixels, or hardly makes the image smaller."""
    found, ratio = find_kernel(library, kernel), min(grey.shape[0] / size[0], grey.shape[1] / size[1])
    if found.widened or ratio < LEAST_RATIO:
        return 0.0
    return squash(strangeness(grey, found, size), phase_threshold(found, ratio))


def _pattern(grey: Floats) -> tuple[float, str]:
    return squash(
        periodicity(grey), float(frozen()["blind"]["threshold"])
    ), "fine detail repeats at a steady distance, as in images made to be resized"


def squash(value: float, threshold: float) -> float:
    """Return a value from 0 to 1 that is 0.5 at the threshold."""
    return round(max(value, 0.0) / (max(value, 0.0) + threshold), 4) if value > 0 else 0.0


@cache
def frozen() -> dict[str, Any]:
    """Return the thresholds that were frozen when the detector was made."""
    found: dict[str, Any] = json.loads(package_text("tetrapylon.operate.monitor.preprocessing", "thresholds.json"))
    return found


def phase_threshold(kernel: Kernel, ratio: float) -> float:
    """Return the frozen threshold for a kernel and a ratio."""
    shapes = {"point": "opencv nearest", "point-sum": "pil nearest", "point-down": "pil nearest", "triangle": "opencv bilinear"}
    table = frozen()["phase"][shapes.get(kernel.shape, "opencv bicubic")]
    return float(table["2" if ratio < 2.7 else "3" if ratio < 3.9 else "4"]["threshold"])  # noqa: PLR2004 - between the classes that were measured


def exploitable(resize: Resize, source: tuple[int, int]) -> str:
    """Return what the linter says of a resize, as one sentence."""
    found = lint(resize.library, resize.kernel, source, resize.size)
    return (
        f"{resize.library} {resize.kernel} from {source[1]} x {source[0]}: {found.change:g} of source change for 1 of view, {found.verdict}"
    )

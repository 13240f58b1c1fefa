"""Freeze the thresholds of the scaling-attack detector: `calibrate_scaling.py FOLDER`, a folder of photographs.

Photographs of at least 1,000 pixels a side are reduced to 1,024 and cut, split by file name into three: `calibrate` and
`threshold` decide the thresholds, `test` is held out and only reported. Needs the extra `monitor`. The figures that are in the
package were made from Debian's packages of wallpapers (`mate-backgrounds`, `gnome-backgrounds`, `sway-backgrounds`,
`plasma-workspace-wallpapers`, `lomiri-wallpapers-16.04`, `lomiri-wallpapers-20.04`, `ukui-wallpapers`).
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from benchmarks.scaling_set import ATTACKS, CLEAN, attacks, clean, photographs
from tetrapylon.operate.monitor.preprocessing.blind import periodicity
from tetrapylon.operate.monitor.preprocessing.kernels import find_kernel
from tetrapylon.operate.monitor.preprocessing.phase import strangeness

OUT = Path(__file__).parents[1] / "src" / "tetrapylon" / "operate" / "monitor" / "preprocessing" / "thresholds.json"
RESIZES = (("opencv", "nearest"), ("pil", "nearest"), ("opencv", "bilinear"), ("opencv", "bicubic"))
TURNS = 1
RATIOS = {"2": (2.1, 2.4), "3": (3.0, 3.4), "4": (4.5, 8.0)}
"""The least and the most ratio that stand for a class."""


def main(folder: Path) -> int:
    """Measure, decide, write."""
    photos = list(photographs(folder))[::2]
    random = np.random.default_rng(20260101)
    found: dict[str, dict[str, dict[str, list[float]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    blind: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number, (part, grey) in enumerate(photos):
        honest = dict(clean(grey, random))
        for name, image in honest.items():
            blind[part][name].append(periodicity(image))
        for turn in range(TURNS):
            # Every photograph meets one of the pairs of kernel and ratio, in turn, so that a run ends while one waits for it.
            place = (number * TURNS + turn) % (len(RESIZES) * len(RATIOS))
            library, kernel = RESIZES[place % len(RESIZES)]
            name = list(RATIOS)[place // len(RESIZES)]
            ratio = random.uniform(*RATIOS[name])
            size = (max(8, round(grey.shape[0] / ratio)), max(8, round(grey.shape[1] / ratio)))
            shape = find_kernel(library, kernel)
            other = photos[(number * 7 + 5) % len(photos)][1]
            hostile = dict(attacks(grey, other, shape, size, random))
            for what, image in (honest | hostile).items():
                found[f"{library} {kernel}"][name][f"{part} {what}"].append(strangeness(image, shape, size))
            for what, image in hostile.items():
                blind[part][what].append(periodicity(image))
        print(f"\r{number + 1} of {len(photos)}", end="", file=sys.stderr, flush=True)
    table = {resize: {ratio: _decide(values) for ratio, values in ratios.items()} for resize, ratios in found.items()}
    decided = {
        "photographs": len(photos),
        "phase": table,
        "blind": _decide({f"{part} {name}": v for part, named in blind.items() for name, v in named.items()}),
    }
    OUT.write_text(json.dumps(decided, indent=1) + "\n", "utf-8")
    print(json.dumps(decided, indent=1))
    return 0


def _decide(values: dict[str, list[float]]) -> dict[str, float]:
    """Return the threshold, a third of the way from the honest to the hostile, and how it does on what was held out."""
    known = ("calibrate", "threshold")
    honest = [each for part in known for name in CLEAN for each in values.get(f"{part} {name}", ())]
    hostile = [each for part in known for name in ATTACKS for each in values.get(f"{part} {name}", ())]
    low, high = float(np.quantile(honest, 0.998)), float(np.quantile(hostile, 0.01))
    threshold = low + (high - low) / 3 if high > low else low
    held_clean = np.array([each for name in CLEAN for each in values.get(f"test {name}", ())])
    held_hostile = np.array([each for name in ATTACKS for each in values.get(f"test {name}", ())])
    return {
        "threshold": round(threshold, 3),
        "heldOutFalseAlarms": round(float((held_clean >= threshold).mean()), 4),
        "heldOutDetected": round(float((held_hostile >= threshold).mean()), 4),
        "heldOutHonest": len(held_clean),
        "heldOutHostile": len(held_hostile),
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

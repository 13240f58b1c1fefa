"""How fast the command line starts: `tetrapylon --help` as a user's shell runs it, process start to end.

The baseline is the same interpreter doing nothing.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figure import Figure

RUNS = 11


def run() -> list[Figure]:
    """Measure the help, and importing the public face."""
    nothing = statistics.median(timed([sys.executable, "-c", "pass"]))
    helped = timed([str(Path(sys.executable).with_name("tetrapylon")), "--help"])
    imported = timed([sys.executable, "-c", "import tetrapylon"])
    return [
        Figure("tetrapylon --help", "s", helped, limit=0.25, at="most", baseline=nothing),
        Figure("import tetrapylon", "s", imported, limit=None, at="most", baseline=nothing),
    ]


def timed(command: list[str]) -> list[float]:
    """Return the seconds of each run; the first, which may fill caches, is not counted."""
    return [_seconds(command) for _ in range(RUNS + 1)][1:]


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start

"""Measure the stated figures: `python -m benchmarks [NAME ...]`.

Every `bench_NAME.py` here offers `run()`, which yields or returns figures. Printed are the machine, every run, the
median, the limit and the ratio to the baseline. Exit code 1: a stated figure was missed.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from benchmarks.figure import Figure

HERE = Path(__file__).parent


def names() -> list[str]:
    """Return the names of all sets of figures."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def machine() -> str:
    """Return one line that says what the figures were measured on."""
    cores = os.cpu_count() or 0
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {cores} cores, {memory:.0f} GB, {platform.system()} {platform.release()}, {python}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def met(figure: Figure) -> bool:
    """Return whether the median keeps the limit; a figure without one always does."""
    if figure.limit is None:
        return True
    median = statistics.median(figure.runs)
    return median <= figure.limit if figure.at == "most" else median >= figure.limit


def line(figure: Figure) -> str:
    """Return the figure as text: a line, and its runs below."""
    median = statistics.median(figure.runs)
    limit = "" if figure.limit is None else f"  (at {figure.at} {number(figure.limit)}: {'met' if met(figure) else 'MISSED'})"
    ratio = f"  {median / figure.baseline:.2f} of the baseline {number(figure.baseline)}" if figure.baseline else ""
    runs = " ".join(number(each) for each in figure.runs)
    return f"  {figure.name}\n    {number(median)} {figure.unit}{limit}{ratio}\n    runs: {runs}"


def number(value: float) -> str:
    """Return a number with three digits that count, or all digits of a large one."""
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def measure(name: str) -> Iterable[Figure]:
    """Run one set of figures."""
    return import_module(f"benchmarks.bench_{name}").run()  # type: ignore[no-any-return]  # each file's promise


def main(chosen: list[str]) -> int:
    """Measure the chosen sets, or all."""
    unknown = sorted(set(chosen) - set(names()))
    if unknown:
        sys.stderr.write(f"there are no figures `{unknown[0]}`\n\nhint: known: {', '.join(names())}\n")
        return 2
    print(f"machine: {machine()}")
    missed = []
    for name in chosen or names():
        print(f"\n{name}", flush=True)
        for figure in measure(name):
            print(line(figure), flush=True)
            missed += [] if met(figure) else [figure.name]
    print(f"\n{len(missed)} stated figures missed" + "".join(f"\n  {each}" for each in missed) if missed else "\nall stated figures met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

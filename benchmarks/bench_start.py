"""What a user waits for first: `--help`, and what an installation weighs."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from benchmarks.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
MOST_PACKAGES, MOST_MEGABYTES, MOST_SECONDS = 15, 60, 0.25


def run() -> list[Figure]:
    """Return the figures of the first moment."""
    return [_help(), *_size()]


def _help() -> Figure:
    runs = []
    command = [str(Path(sys.executable).with_name("tetrapylon")), "--help"]
    subprocess.run(command, check=True, capture_output=True)
    for _ in range(7):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        runs.append(time.perf_counter() - began)
    bare = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return Figure("`tetrapylon --help`, whole process", "s", runs, MOST_SECONDS, "most", time.perf_counter() - bare)


def _size() -> list[Figure]:
    """Install the core into an environment of its own and weigh it, without pip itself."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        before = _packages(Path(folder))
        pip = [f"{folder}/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", str(ROOT)]
        subprocess.run(pip, check=True, capture_output=True)
        added = _packages(Path(folder)) - before
        site = next(Path(folder).glob("lib/python*/site-packages"))
        kept = ("pip", "setuptools", "_distutils_hack", "distutils-precedence")
        files = (path for path in site.rglob("*") if path.is_file() and not path.relative_to(site).parts[0].startswith(kept))
        size = sum(path.stat().st_size for path in files) / 1e6
    return [
        Figure("packages of the core, itself included", "", [float(len(added))], MOST_PACKAGES, "most", None),
        Figure("size of the core as installed", "MB", [size], MOST_MEGABYTES, "most", None),
    ]


def _packages(folder: Path) -> set[str]:
    return {path.name for path in next(folder.glob("lib/python*/site-packages")).glob("*.dist-info")}

"""Run every check that needs no test: format, lint, types, import contracts, generated files; all at once, and quietly.

What fails is printed in full, with the command to run it alone. Types are checked by two processes and kept in `.mypy_cache`, so that the
first time takes half as long as with one, and the second is fast.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
TYPED = ("src", "tests", "tools", "benchmarks", "examples")

CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy", "--num-workers", "2", *TYPED),
    ("lint-imports", "--no-logo"),
    ("python", "tools/make_verifier.py", "--check"),
    ("python", "tools/make_docs.py", "--check"),
)


@dataclass(frozen=True)
class Checked:
    """One check that ended."""

    command: tuple[str, ...]
    code: int
    output: str
    seconds: float


def check(command: tuple[str, ...]) -> Checked:
    """Run one check."""
    began = time.monotonic()
    program = [str(PROGRAMS / command[0]), *command[1:]]
    ended = subprocess.run(program, cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return Checked(command, ended.returncode, ended.stdout, time.monotonic() - began)


def main() -> int:
    """Run all checks and print what failed."""
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(check, CHECKS))
    failed = [each for each in ended if each.code != 0]
    for each in failed:
        print(f"{each.output.rstrip()}\n\nfailed: {' '.join(each.command)}\n")
    if any(each.command[:2] == ("ruff", "format") for each in failed):
        print("hint: run `make format`")
    times = ", ".join(f"{each.command[0]} {each.command[1]} {each.seconds:.1f}" for each in ended)
    print(f"{len(ended) - len(failed)} of {len(ended)} checks are good, {time.monotonic() - began:.1f} s ({times})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

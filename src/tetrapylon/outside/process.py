"""The only door to other processes: bounded in time and output, never through a shell."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.kernel.errors import UndecidedError

SECONDS = 300
"""How long a process of ours may take before it is ended."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended and what it said on standard output."""

    code: int
    output: bytes


def run_python_alone(module: str, arguments: Sequence[str], seconds: float = SECONDS) -> Ended:
    """Run a module of ours in a new interpreter that sees the standard library and this package, and nothing else.

    Raises:
        UndecidedError: it took too long or could not be started.
    """
    # Behind the standard library: where this package is installed beside others, none of them may stand in for a part of it.
    source = Path(__file__).resolve().parents[2]
    program = f"import runpy, sys; sys.path.append({str(source)!r}); runpy.run_module({module!r}, run_name='__main__')"
    command = [sys.executable, "-I", "-S", "-B", "-c", program, *arguments]
    try:
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False)  # noqa: S603 - our own interpreter and module
    except (subprocess.TimeoutExpired, OSError) as error:
        raise UndecidedError(f"the second check did not finish: {error}", hint="run the command again", code="process") from error
    return Ended(ended.returncode, ended.stdout)

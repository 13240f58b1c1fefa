"""Processes that outlive the command that started them: parts of the running system, known again by pid and start time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.kernel.errors import UndecidedError

PATIENCE = 5.0
"""Seconds in which a process that was ended must be gone."""

_STARTED = 19
"""The field of `/proc/PID/stat`, counted behind the name, that says when a process started."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process, and when it started: a pid alone may be somebody else's by now."""

    pid: int
    started: str


def start(command: Sequence[str], folder: Path) -> Child:
    """Start a program in a session of its own; `{python}` stands for the interpreter in use.

    Raises:
        UndecidedError: it cannot be started (`process`).
    """
    words = [sys.executable if each == "{python}" else each for each in command]
    try:
        process = subprocess.Popen(  # noqa: S603 - named in the system's own `incidents.toml`, and never through a shell
            words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        raise UndecidedError(f"`{words[0]}` cannot be started: {error.strerror}", code="process") from error
    # It is to run on after this command ends; whether it still does is asked of the system, not of this object.
    process.returncode = 0
    return Child(process.pid, _started(process.pid) or "")


def running(child: Child) -> bool:
    """Return whether this very process still runs."""
    with suppress(ChildProcessError):
        os.waitpid(child.pid, os.WNOHANG)
    return bool(child.started) and _started(child.pid) == child.started


def end(child: Child) -> None:
    """End the process, if it is still this one, and return when it is gone: another command may have started it."""
    if not running(child):
        return
    with suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(child.pid, 0)
    until = time.monotonic() + PATIENCE
    while running(child) and time.monotonic() < until:
        time.sleep(0.005)


def _started(pid: int) -> str | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return fields[_STARTED] if len(fields) > _STARTED and fields[0] != "Z" else None

"""Progress on stderr: moving on a terminal, at most one line for each step elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tetrapylon.app.listening import Listener
from tetrapylon.cli.output import talk
from tetrapylon.kernel.columns import one_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_MOST_PART = 40
"""Columns of what is shown of a part's name."""


class Lines(Listener):
    """Says at most one line for each step, when it ends; a step may begin within another."""

    def __init__(self) -> None:
        self._steps: list[str] = []

    def begin(self, step: str, parts: int = 0) -> None:
        """Remember the step's name."""
        del parts
        self._steps.append(step)

    def end(self, said: str = "") -> None:
        """Say what there is to say about the step."""
        step = self._steps.pop() if self._steps else ""
        if said:
            talk(one_line(f"{step}: {said}"))


class Moving(Lines):
    """Shows the steps under way, their parts, how far they are and how long they have taken, and takes them away at their end."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._tasks: list[TaskID] = []
        self._begun: list[int] = []

    def begin(self, step: str, parts: int = 0) -> None:
        """Show the step."""
        super().begin(step, parts)
        self._tasks.append(self._progress.add_task(one_line(step), total=parts or None, part=""))
        self._begun.append(0)

    def advance(self, part: str) -> None:
        """Show the part, and that those before it are done."""
        if self._tasks:
            self._progress.update(self._tasks[-1], part=one_line(part)[:_MOST_PART], completed=self._begun[-1])
            self._begun[-1] += 1

    def end(self, said: str = "") -> None:
        """Take the step away and leave its line."""
        if self._tasks:
            self._progress.remove_task(self._tasks.pop())
            self._begun.pop()
        super().end(said)


def moves() -> bool:
    """Return whether stderr is a terminal on which something may move."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in {"", "dumb"}


@contextmanager
def listening() -> Iterator[Listener]:
    """Yield who is told how the work goes: a moving line on a terminal, plain lines elsewhere."""
    if not moves():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    shown = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(16), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(
        *shown, TimeElapsedColumn(), TextColumn("{task.fields[part]}", markup=False), console=console, transient=True, redirect_stdout=False
    ) as progress:
        yield Moving(progress)

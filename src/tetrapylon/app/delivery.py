"""What `check` was asked for, and where its answer goes: stdout, or the files that were named and no others."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapylon.app.advice import next_commands
from tetrapylon.app.checked import Checked
from tetrapylon.app.checking import Answer, Wanted
from tetrapylon.kernel.errors import Exit, UsageError
from tetrapylon.kernel.text import printable
from tetrapylon.outside.files import inside, write_atomic
from tetrapylon.system.finding import Severity

STDOUT = "-"


@dataclass(frozen=True)
class Outputs:
    """The files that the answer goes to; `-` is stdout."""

    baseline: str | None = None
    sarif: str | None = None
    junit: str | None = None
    markdown: str | None = None
    ci: bool = False
    json: bool = False
    """Whether the answer goes to stdout as JSON."""

    def reports(self) -> dict[str, str]:
        """Return the file of each format."""
        named = {"sarif": self.sarif, "junit": self.junit, "markdown": self.markdown}
        found = {name: file for name, file in named.items() if file is not None}
        return found or ({"sarif": STDOUT} if self.ci and not self.json else {})

    def files(self) -> list[Path]:
        """Return every file that is written."""
        return [Path(each) for each in (*self.reports().values(), self.baseline) if each and each != STDOUT]


@dataclass(frozen=True)
class Delivered:
    """The answer as a command gives it."""

    checked: Checked
    commands: tuple[str, ...]
    exit: int
    on_stdout: str | None
    """A report that goes to stdout."""

    @property
    def json(self) -> dict[str, Any]:
        """The answer as data."""
        return {**self.checked.as_json(self.commands), "exit": self.exit}


def wanted(paths: tuple[str, ...], directory: str | None, *, fail_on: Severity, baseline: str | None, outputs: Outputs) -> Wanted:
    """Return what is to be looked at.

    Raises:
        UsageError: folders and files are mixed, a file lies outside, or two reports are to go to stdout.
        MissingError: a file that was named is not there.
    """
    base = Path(directory or ".")
    if list(outputs.reports().values()).count(STDOUT) + outputs.json > 1:
        raise UsageError("two answers cannot both go to stdout", hint="name a file for one of them", code="stdout-twice")
    root, only = _where(base, paths)
    if only and outputs.baseline:
        raise UsageError("a baseline is about the whole folder, not about some files", hint="leave the files out", code="partial-baseline")
    known = None if baseline is None else Path(baseline)
    return Wanted(root, only, known, tuple(outputs.files()), fail_on, anew=outputs.baseline is not None)


def _where(base: Path, paths: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    if not paths:
        return base, ()
    if len(paths) == 1 and (base / paths[0]).is_dir():
        return base / paths[0], ()
    return base, tuple(dict.fromkeys(_name(base, each) for each in paths))


def _name(base: Path, path: str) -> str:
    """Return the name of a file below the base."""
    whole = posixpath.normpath((base / path).absolute().as_posix())
    top = posixpath.normpath(base.absolute().as_posix())
    if not whole.startswith(top.rstrip("/") + "/"):
        raise UsageError(f"`{printable(path)}` lies outside of `{base}`", hint="say where the files are with `-C DIR`", code="outside")
    name = whole[len(top.rstrip("/")) + 1 :]
    if inside(base, name).is_dir():
        raise UsageError(f"`{printable(path)}` is a folder among several paths", hint="name one folder, or only files", code="mixed")
    return name


def deliver(answer: Answer, asked: Wanted, outputs: Outputs, there: frozenset[str]) -> Delivered:
    """Write the files that were asked for and return the rest; `there` are the commands that this version has.

    Raises:
        StorageError: a file could not be written.
    """
    checked = answer.checked
    on_stdout: str | None = None
    for name, file in outputs.reports().items():
        text = _rendered(name, checked)
        if file == STDOUT:
            on_stdout = text
        else:
            write_atomic(Path(file), text.encode())
    if outputs.baseline:
        write_atomic(Path(outputs.baseline), answer.baseline())
    commands = next_commands(checked, asked.root, there=there)
    return Delivered(checked, commands, _exit(checked, outputs), on_stdout)


def _rendered(name: str, checked: Checked) -> str:
    from tetrapylon.kernel.shelf import Shelf

    return str(Shelf("tetrapylon.app.formats").part(name, "format").render(checked))


def _exit(checked: Checked, outputs: Outputs) -> int:
    """Return how the command ends: what is written down as known fails nothing, a look that failed does."""
    if outputs.baseline:
        return int(Exit.UNDECIDED if checked.failed else Exit.GOOD)
    return checked.exit

"""How a command speaks: data on stdout, talk on stderr, readable without colour."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

import click

from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.kernel.text import printable_json, printable_lines


def emit(data: Mapping[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print the answer: the object as JSON, or its lines for a reader."""
    if as_json:
        sys.stdout.write(printable_json(json.dumps(data, ensure_ascii=not speaks_unicode(), indent=2)) + "\n")
        return
    for line in lines:
        sys.stdout.write(_writable(line, sys.stdout) + "\n")


def talk(line: str) -> None:
    """Say something that is not the answer."""
    sys.stderr.write(_writable(line, sys.stderr) + "\n")


def speaks_unicode() -> bool:
    """Return whether stdout takes every character."""
    return (sys.stdout.encoding or "").lower().replace("-", "") in {"utf8", "utf16", "utf32"}


def columns() -> int:
    """Return how wide the answer may be: the terminal's width, and 80 where nobody is looking."""
    return max(60, min(shutil.get_terminal_size().columns, 160)) if sys.stdout.isatty() else 80


def _writable(line: str, stream: TextIO) -> str:
    """Return the line as the stream can take it; what it cannot is spelled out and never an error."""
    encoding = stream.encoding or "utf-8"
    return line.encode(encoding, "backslashreplace").decode(encoding)


def report_error(error: TetrapylonError, *, as_json: bool) -> None:
    """Say what went wrong, and what to do about it."""
    if as_json:
        said = {"message": error.message, "hint": error.hint, "code": error.code}
        data = {"schema": "tetrapylon/error/1", "error": said, "exit": int(error.exit)}
        sys.stdout.write(printable_json(json.dumps(data, ensure_ascii=False)) + "\n")
    talk(f"error: {printable_lines(error.message)}")
    if error.hint:
        talk(f"\nhint: {printable_lines(error.hint)}")


def coloured(text: str, colour: str) -> str:
    """Return the text in a colour where stdout is a terminal that wants one."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return text
    return click.style(text, bold=True) if colour == "bold" else click.style(text, fg=colour)

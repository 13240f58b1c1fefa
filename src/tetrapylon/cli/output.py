"""How a command speaks: data on stdout, talk on stderr, readable without colour."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import click

from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.kernel.text import printable_json, printable_lines


def emit(data: Mapping[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print the answer: the object as JSON, or its lines for a reader."""
    if as_json:
        sys.stdout.write(printable_json(json.dumps(data, ensure_ascii=False, indent=2)) + "\n")
        return
    for line in lines:
        sys.stdout.write(line + "\n")


def talk(line: str) -> None:
    """Say something that is not the answer."""
    sys.stderr.write(line + "\n")


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
    if "NO_COLOR" in os.environ or not sys.stdout.isatty():
        return text
    return click.style(text, fg=colour)

"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def common_options(command: F) -> F:
    """Add what every command takes: `-C DIR` and `--json`. A `-C` before the command counts as well."""
    command = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")(command)
    return click.option("-C", "directory", metavar="DIR", callback=_directory, help="Work on the system declared in DIR.")(command)


def _directory(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    del parameter
    return value if value is not None else ctx.find_root().obj


def passphrase_option(command: F) -> F:
    """Add `--passphrase-file`; without it the file that `TETRAPYLON_PASSPHRASE_FILE` names is read."""
    return click.option("--passphrase-file", metavar="FILE", help="Read the keys' passphrase from FILE.")(command)

"""List what was put off: found by detectors, with owner, reason, risk and due date, and how it changed."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@common_options
def command(*, directory: str | None, as_json: bool) -> int:
    """List what was put off: found by detectors, with owner, reason, risk and due date, and how it changed.

    Owners, reasons and days stand in `debt.toml` beside the manifest. Ends with 1 if something critical is overdue, with 3 if
    something could not be looked at.
    """
    from tetrapylon.app.debt import ending, register, register_lines, register_object
    from tetrapylon.app.project import open_project

    found = register(open_project(directory))
    emit(register_object(found), register_lines(found), as_json=as_json)
    return ending(found)

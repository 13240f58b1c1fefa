"""Compare the settings in force with the safe profile, and say what differs."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@common_options
def command(*, directory: str | None, as_json: bool) -> int:
    """Compare the settings in force with the safe profile, and say what differs."""
    from tetrapylon.app.doctor import examine
    from tetrapylon.app.project import open_project

    found = examine(open_project(directory))
    emit(found.as_json(), found.lines(), as_json=as_json)
    return found.exit

"""Show who may do what, how tools are restricted, which grants nobody uses, and what guards cost and bring."""

from __future__ import annotations

import sys

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@click.option("--cedar", is_flag=True, help="Print the policies themselves, in Cedar's language.")
@common_options
def command(*, cedar: bool, directory: str | None, as_json: bool) -> int:
    """Show who may do what, how tools are restricted, which grants nobody uses, and what guards cost and bring."""
    from tetrapylon.app.privileges import examine
    from tetrapylon.app.project import open_project

    found = examine(open_project(directory))
    if cedar:
        sys.stdout.write(found.policies.text)
        return 0
    emit(found.as_json(), found.lines(), as_json=as_json)
    return int(found.exit)

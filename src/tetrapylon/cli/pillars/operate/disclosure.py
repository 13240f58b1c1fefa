"""Write what users and researchers are told: use, limits, duties, contact, safe harbour."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@common_options
@click.option("--out", metavar="DIR", help="Write into DIR instead of the folder that `responsibility.toml` names (default: `disclosure`).")
def command(*, directory: str | None, as_json: bool, out: str | None) -> int:
    """Write what users and researchers are told: use, limits, duties, contact, safe harbour.

    From `responsibility.toml`, the manifest and the results of tests: a page for users, a policy for researchers,
    `security.txt` (RFC 9116) and a responsibility matrix as data. Ends with 1 if something that must be told is missing.
    """
    from tetrapylon.app.disclosure import publish
    from tetrapylon.app.project import open_project

    done = publish(open_project(directory), out)
    emit(done.as_json(), done.lines(), as_json=as_json)
    return done.exit

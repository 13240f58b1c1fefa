"""See who can reach models, data, keys and pipelines on this machine, what environments share, and which secrets lie open."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@common_options
def command(*, directory: str | None, as_json: bool) -> int:
    """See who can reach models, data, keys and pipelines on this machine, what environments share, and which secrets lie open.

    Looks, and records nothing: `tetrapylon assess` does. Ends with 1 if something is wrong, with 3 if something could not be seen.
    """
    from tetrapylon.app.access import look_at_places

    data, lines = look_at_places(directory)
    emit(data, lines, as_json=as_json)
    return int(data["exit"])

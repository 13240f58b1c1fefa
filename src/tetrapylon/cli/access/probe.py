"""Ask the running gateway for everything as those who may not, and leave what it answered as evidence."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.option("--url", metavar="URL", help="Where the gateway is (default: the one that runs for this system).")
@passphrase_option
@common_options
def command(*, url: str | None, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Ask the running gateway for everything as those who may not, and leave what it answered as evidence.

    Without a key, with wrong, expired and revoked keys, as the wrong role and the wrong tenant, by other spellings and past
    the gateway. Its own keys end by themselves within a minute. Ends with 1 if anybody was let in, with 3 if the right
    callers were not answered, because then a refusal says nothing.
    """
    from tetrapylon.app.probing import probe
    from tetrapylon.app.project import open_project

    found = probe(open_project(directory), url, passphrase_file)
    emit(found.as_json(), found.lines(), as_json=as_json)
    return found.exit

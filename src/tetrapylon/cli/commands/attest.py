"""State, as a named person, that a practice is met; signed with that person's key."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.argument("practice")
@click.option("--person", required=True, metavar="ID", help="Who states it: a person of the manifest.")
@click.option("--statement", required=True, help="What is stated, in the person's words.")
@click.option("--expires", metavar="DATE", help="The first day on which it no longer holds (YYYY-MM-DD).")
@click.option("--ssh-key", metavar="FILE", help="Sign with this SSH key instead of a file key.")
@passphrase_option
@common_options
def command(
    *,
    practice: str,
    person: str,
    statement: str,
    expires: str | None,
    ssh_key: str | None,
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """State, as a named person, that a practice is met; signed with that person's key."""
    from tetrapylon.app import declaring, wiring
    from tetrapylon.app.project import open_project
    from tetrapylon.outside.clock import SystemClock

    signing = declaring.Signing(wiring.read_passphrase(passphrase_file), ssh_key)
    done = declaring.attest(
        open_project(directory), declaring.Attestation(practice, person, statement, expires), signing, SystemClock().now()
    )
    emit({"schema": "tetrapylon/attest/1", **done.as_json(), "exit": 0}, done.lines(), as_json=as_json)
    return 0

"""Waive one practice for one asset until a date, signed and counted as debt."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.argument("practice")
@click.option("--asset", "assets", multiple=True, required=True, metavar="ID", help="The asset that it is for (repeatable; no wildcards).")
@click.option("--reason", required=True, help="Why the risk is taken.")
@click.option("--owner", required=True, metavar="PERSON", help="Who takes it: a person of the manifest.")
@click.option("--expires", required=True, metavar="DATE", help="The first day on which it no longer holds (YYYY-MM-DD).")
@click.option("--ssh-key", metavar="FILE", help="Sign with this SSH key instead of a file key.")
@passphrase_option
@common_options
def command(
    *,
    practice: str,
    assets: tuple[str, ...],
    reason: str,
    owner: str,
    expires: str,
    ssh_key: str | None,
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Waive one practice for one asset until a date, signed and counted as debt."""
    from tetrapylon.app import declaring, wiring
    from tetrapylon.app.project import open_project
    from tetrapylon.outside.clock import SystemClock

    signing = declaring.Signing(wiring.read_passphrase(passphrase_file), ssh_key)
    waiver = declaring.Waiver(practice, assets, reason, owner, expires)
    done = declaring.waive(open_project(directory), waiver, signing, SystemClock().now())
    emit({"schema": "tetrapylon/waive/1", **done.as_json(), "exit": 0}, done.lines(), as_json=as_json)
    return 0

"""Take a file out of use and keep it for whoever investigates."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.argument("path")
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and do nothing.")
@passphrase_option
@common_options
def command(*, path: str, reason: str, plan_only: bool, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Take a file of the project out of use and keep it for whoever investigates."""
    from tetrapylon.app import acting

    done = acting.run_act("quarantine", {"path": path, "reason": reason}, directory, passphrase_file, plan_only=plan_only)
    emit(done.as_json(), done.lines(), as_json=as_json)
    return done.exit

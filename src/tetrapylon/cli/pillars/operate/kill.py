"""Stop the running system answering anything, within a second; or lift that again."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--by", default="", metavar="PERSON", help="Who says so.")
@click.option("--lift", is_flag=True, help="Let it answer again; routes closed by name stay closed.")
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and do nothing.")
@passphrase_option
@common_options
def command(*, reason: str, by: str, lift: bool, plan_only: bool, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Stop the running system answering anything, within a second; or lift that again."""
    from tetrapylon.app import acting

    done = acting.run_act("kill", {"reason": reason, "by": by}, directory, passphrase_file, plan_only=plan_only, undo=lift)
    emit(done.as_json(), done.lines(), as_json=as_json)
    return done.exit

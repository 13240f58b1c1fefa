"""Close one route of the running system, within a second; or open it again."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.argument("route")
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--by", default="", metavar="PERSON", help="Who says so.")
@click.option("--lift", is_flag=True, help="Open it again.")
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and do nothing.")
@passphrase_option
@common_options
def command(
    *, route: str, reason: str, by: str, lift: bool, plan_only: bool, passphrase_file: str | None, directory: str | None, as_json: bool
) -> int:
    """Close one route of the running system, such as `chat:assistant`, within a second; or open it again."""
    from tetrapylon.app import acting

    arguments = {"route": route, "reason": reason, "by": by}
    done = acting.run_act("close-route", arguments, directory, passphrase_file, plan_only=plan_only, undo=lift)
    emit(done.as_json(), done.lines(), as_json=as_json)
    return done.exit

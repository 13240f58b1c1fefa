"""List the keys that this machine holds, and revoke one."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.group()
def command() -> None:
    """List the keys that this machine holds, and revoke one."""


@command.command(name="list")
@passphrase_option
@common_options
def list_keys(*, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """List the private keys in `.tetrapylon/keys`, what each may sign, and what is unsafe about its file."""
    from tetrapylon.app import keyring, wiring
    from tetrapylon.app.project import open_project

    held = keyring.held_keys(open_project(directory), wiring.read_passphrase(passphrase_file))
    data = {"schema": "tetrapylon/keys/1", "keys": [each.as_json() for each in held], "exit": 0}
    lines = [f"  {each.name:<24} {each.algorithm:<11} {each.keyid[:16]}  {each.standing}" for each in held] or [
        "this machine holds no keys"
    ]
    lines += [f"warning: {each.name}: {warning}" for each in held for warning in each.warnings]
    emit(data, lines, as_json=as_json)
    return 0


@command.command()
@click.argument("keyid")
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and do nothing.")
@passphrase_option
@common_options
def revoke(*, keyid: str, reason: str, plan_only: bool, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Revoke a key from now on: what it signed before stays valid, what it signs later does not."""
    from tetrapylon.app import acting

    done = acting.run_act("revoke-key", {"keyid": keyid, "reason": reason}, directory, passphrase_file, plan_only=plan_only)
    emit(done.as_json(), done.lines(), as_json=as_json)
    return done.exit

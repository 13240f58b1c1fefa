"""Make, list and revoke the keys by which callers of the running system are known."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit, talk


@click.group()
def command() -> None:
    """Make, list and revoke the keys by which callers of the running system are known."""


@command.command()
@click.option("--principal", required=True, metavar="P", help="A group, service or person of the manifest.")
@click.option("--tenant", default="default", metavar="T", show_default=True, help="Whose data it is that the key works on.")
@click.option("--accept-terms", is_flag=True, help="The holder has read the terms of use and acknowledges them.")
@click.option("--expires", metavar="TIME", help="When it ends, such as `2027-01-31T12:00:00Z` (default: in 90 days).")
@common_options
def create(*, principal: str, tenant: str, accept_terms: bool, expires: str | None, directory: str | None, as_json: bool) -> int:
    """Make a key; it is shown this once and kept nowhere."""
    from tetrapylon.app import access

    key, token = access.create(directory, principal, tenant, expires, accept_terms=accept_terms)
    emit({"schema": "tetrapylon/access-key/1", "key": token, **key, "exit": 0}, [token], as_json=as_json)
    if not as_json:
        talk(f"key {key['id']} of `{principal}`, good until {key['expires']}; it is not shown again")
    return 0


@command.command(name="list")
@common_options
def list_keys(*, directory: str | None, as_json: bool) -> int:
    """List the keys: whose they are, until when they are good, and whether the terms were acknowledged."""
    from tetrapylon.app import access

    keys = access.listing(directory)
    lines = [f"  {each['id']}  {each['standing']:<8} {each['principal']:<20} {each['tenant']:<12} until {each['expires']}" for each in keys]
    emit({"schema": "tetrapylon/access-keys/1", "keys": keys, "exit": 0}, lines or ["there are no keys"], as_json=as_json)
    return 0


@command.command()
@click.argument("key")
@common_options
def revoke(*, key: str, directory: str | None, as_json: bool) -> int:
    """End a key now; a running gateway refuses it within a second."""
    from tetrapylon.app import access

    ended = access.revoke(directory, key)
    lines = [f"key {ended['id']} of `{ended['principal']}` is revoked since {ended['revoked']}"]
    emit({"schema": "tetrapylon/access-key/1", **ended, "exit": 0}, lines, as_json=as_json)
    return 0

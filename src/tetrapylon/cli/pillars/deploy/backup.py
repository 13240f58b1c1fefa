"""Offline, encrypted backups: make them, verify and restore them digest by digest, and prove that the system cannot reach them."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.group()
def command() -> None:
    """Offline, encrypted backups: make, verify and restore them, and prove that the system cannot reach them."""


@command.command()
@click.option("--out", required=True, metavar="FILE", help="Where the private key goes; keep it away from the system.")
@common_options
def key(*, out: str, directory: str | None, as_json: bool) -> int:
    """Make the key that backups and sealed evidence are encrypted to; only its public part stays with the project."""
    from tetrapylon.app.backups import make_key

    recipient = make_key(directory, out)
    emit({"schema": "tetrapylon/backup-key/1", "recipient": recipient, "exit": 0}, [f"recipient {recipient}"], as_json=as_json)
    return 0


@command.command()
@click.option("--to", required=True, metavar="DIR", help="Where the backup goes: a folder that the running system cannot reach.")
@click.option("--recipient", metavar="KEY", help="To whom it is encrypted (default: the project's recipient).")
@passphrase_option
@common_options
def create(*, to: str, recipient: str | None, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Write one encrypted file with everything of the system but private keys, and a signed statement beside it."""
    from tetrapylon.app.backups import create as make

    found = make(directory, to, recipient, passphrase_file)
    lines = [f"{found['file']}: {found['files']} files, {found['bytes']} bytes, log record {found['record']}"]
    emit(found, [*lines, *(f"  not in it, for it is no regular file: {each}" for each in found["skipped"])], as_json=as_json)
    return 0


@command.command()
@click.argument("source")
@click.option("--identity", required=True, metavar="FILE", help="The private key of the backups.")
@click.option("--trust", metavar="FILE", help="The root of trust to check against (default: the project's own).")
@common_options
def verify(*, source: str, identity: str, trust: str | None, directory: str | None, as_json: bool) -> int:
    """Check the signature and every file of a backup, or of the newest in a folder, writing nothing."""
    from tetrapylon.app.backups import verify as check

    found = check(directory, source, identity, trust)
    emit(
        found,
        [f"{found['file']}: intact, {found['files']} files of {found['system']} {found['release']}, made {found['at']}"],
        as_json=as_json,
    )
    return 0


@command.command()
@click.argument("source")
@click.option("--identity", required=True, metavar="FILE", help="The private key of the backups.")
@click.option("--to", required=True, metavar="DIR", help="A new folder.")
@click.option("--trust", metavar="FILE", help="The root of trust to check against (default: the project's own).")
@common_options
def restore(*, source: str, identity: str, to: str, trust: str | None, directory: str | None, as_json: bool) -> int:
    """Restore a backup, or the newest in a folder, into a new folder: whole, or not at all."""
    from tetrapylon.app.backups import restore as bring_back

    found = bring_back(directory, source, identity, to, trust)
    emit(found, [f"restored {found['files']} files of {found['system']} {found['release']} into {found['to']}"], as_json=as_json)
    return 0


@command.command()
@click.argument("source")
@click.option("--identity", required=True, metavar="FILE", help="The private key of the backups.")
@click.option("--running-as", metavar="USER", help="The user that the running system is; its reach is tried for real.")
@passphrase_option
@common_options
def drill(*, source: str, identity: str, running_as: str | None, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Try as the running system's user to reach the backups, restore the newest, compare every digest, and record it.

    Ends with 1 if the system can reach them or a digest differs, with 3 if its reach could not be tried.
    """
    from tetrapylon.app.restoring import drill as hold

    found = hold(directory, source, identity, running_as, passphrase_file)
    reached = {True: "out of the system's reach", False: "the system can reach it", None: "not tried as the running system"}
    restored = "restored" if found["restored"] else "NOT restored"
    lines = [f"{restored}, {found['mismatched']} differences, {found['ageHours']:.1f} hours old, {reached[found.get('offline')]}"]
    emit(found, [*lines, *(f"  {each}" for each in found["detail"])], as_json=as_json)
    return int(found["exit"])

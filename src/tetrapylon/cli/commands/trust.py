"""Make, show and rotate the root of trust that customers anchor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit, talk

if TYPE_CHECKING:
    from tetrapylon.evidence.rootfile import Grant


@click.group()
def command() -> None:
    """Make, show and rotate the root of trust that customers anchor."""


@command.command()
@click.option("--threshold", default=2, show_default=True, help="Root keys that must sign a root.")
@click.option("--root-keys", default=3, show_default=True, help="Root keys to make.")
@click.option("--days", default=365, show_default=True, help="Validity of the keys and the root.")
@passphrase_option
@common_options
def init(*, threshold: int, root_keys: int, days: int, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Make the keys of every role, of the log and of the root, and sign version 1 of the root."""
    from tetrapylon.app import trusting, wiring
    from tetrapylon.app.project import open_project
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    made = trusting.init_trust(
        project, trusting.TrustPlan(threshold, root_keys, days, wiring.read_passphrase(passphrase_file)), SystemClock().now()
    )
    for warning in made.warnings:
        talk(f"warning: {warning}")
    data = {
        "schema": "tetrapylon/trust-init/1",
        "fingerprint": made.fingerprint,
        "root": str(made.path),
        "keys": list(made.keys),
        "exit": 0,
    }
    emit(
        data,
        [f"trust root: {made.fingerprint}", f"written to {made.path}", f"{len(made.keys)} private keys in {project.state('keys')}"],
        as_json=as_json,
    )
    return 0


@command.command()
@common_options
def show(*, directory: str | None, as_json: bool) -> int:
    """Show the root in force: fingerprint, log keys, and who may sign what until when."""
    from tetrapylon.app import wiring
    from tetrapylon.app.project import open_project

    trust = wiring.load_trust(open_project(directory))
    grants = [
        {
            "keyid": keyid,
            "holder": each.holder,
            "roles": list(each.roles),
            "notBefore": each.not_before,
            "notAfter": each.not_after,
            "revokedAt": each.revoked_at,
            "demo": each.demo,
        }
        for keyid, each in trust.root.grants.items()
    ]
    data = {
        "schema": "tetrapylon/trust/1",
        "system": trust.system,
        "version": trust.root.version,
        "expires": trust.root.expires,
        "fingerprint": trust.fingerprint,
        "log": {"origin": trust.root.origin, "keys": [each.keyid for each in trust.root.log_keys]},
        "keys": grants,
        "exit": 0,
    }
    lines = [f"trust root {trust.fingerprint} of `{trust.system}`, version {trust.root.version}, expires {trust.root.expires}", ""]
    lines.extend(_grant_line(keyid, each) for keyid, each in trust.root.grants.items())
    emit(data, lines, as_json=as_json)
    return 0


def _grant_line(keyid: str, grant: Grant) -> str:
    ended = f"revoked {grant.revoked_at}" if grant.revoked_at else f"until {grant.not_after}"
    return f"  {keyid[:16]}  {', '.join(grant.roles):<18} {grant.holder:<18} {ended}{'  demo' if grant.demo else ''}"


@command.command()
@click.argument("target", type=click.Path())
@common_options
def export(*, target: str, directory: str | None, as_json: bool) -> int:
    """Write version 1 of the root to TARGET, to be given to customers by another way than the passport."""
    from tetrapylon.app import wiring
    from tetrapylon.app.project import open_project
    from tetrapylon.outside.files import write_atomic

    project = open_project(directory)
    fingerprint = wiring.load_trust(project).fingerprint
    path = Path(target)
    write_atomic(path, wiring.root_files(project)[0])
    emit(
        {"schema": "tetrapylon/trust-export/1", "root": str(path), "fingerprint": fingerprint, "exit": 0},
        [f"{path}: {fingerprint}"],
        as_json=as_json,
    )
    return 0


@command.command()
@click.option("--days", default=365, show_default=True, help="Validity of the new version.")
@click.option(
    "--grant", "granted", nargs=3, multiple=True, metavar="HOLDER ROLE PUBLIC-KEY", help="Let a key (PEM or SSH `.pub`) sign as ROLE."
)
@click.option("--independent", is_flag=True, help="The holders granted here are independent of the provider.")
@passphrase_option
@common_options
def rotate(
    *,
    days: int,
    granted: tuple[tuple[str, str, str], ...],
    independent: bool,
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Sign the next version of the root, with what is granted here."""
    from tetrapylon.app import trusting, wiring
    from tetrapylon.app.project import open_project
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    grants = [trusting.NewGrant(holder, role, Path(path), independent) for holder, role, path in granted]
    made = trusting.rotate_trust(project, grants, days, wiring.read_passphrase(passphrase_file), SystemClock().now())
    data = {"schema": "tetrapylon/trust-rotate/1", "fingerprint": made.fingerprint, "root": str(made.path), "exit": 0}
    emit(data, [f"version written to {made.path}", f"customers keep their anchor: {made.fingerprint}"], as_json=as_json)
    return 0

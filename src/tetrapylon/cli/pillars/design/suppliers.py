"""Examine suppliers: what can be measured, what they answer and sign, and how each stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit, talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tetrapylon.app.questionnaires import Step


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Examine suppliers: what can be measured, what they answer and sign, and how each stands."""


@command.command("list")
@common_options
def list_(*, directory: str | None, as_json: bool) -> int:
    """List everything that comes from a supplier, and how it stands; nobody is asked and nothing recorded."""
    from tetrapylon.app.project import open_project
    from tetrapylon.app.suppliers import standing

    found = standing(open_project(directory))
    emit(found.as_json(), found.lines(), as_json=as_json)
    return int(found.exit)


@command.command("show")
@click.argument("subject")
@common_options
def show(*, subject: str, directory: str | None, as_json: bool) -> int:
    """Show every check of SUBJECT: a supplier with what it supplies, a hosted model, or a lock."""
    from tetrapylon.app.project import open_project
    from tetrapylon.app.suppliers import standing

    found = standing(open_project(directory), subject)
    emit(found.as_json(), found.lines(whole=True), as_json=as_json)
    return int(found.exit)


@command.command("check")
@click.option("--dry-run", is_flag=True, help="Record nothing.")
@click.option("--offline", is_flag=True, help="Ask no address; what it answered last stands until it is too old.")
@passphrase_option
@common_options
def check(*, dry_run: bool, offline: bool, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Ask the suppliers' addresses, examine everything, and record it as evidence.

    Ends with 1 if something fails, and with 3 if something cannot be told. Addresses that the manifest does not declare are
    asked only where the setting `network` is on.
    """
    from tetrapylon.app.project import open_project
    from tetrapylon.app.suppliers import check as examine

    found = examine(open_project(directory), passphrase_file, record=not dry_run, offline=offline)
    emit(found.as_json(), found.lines(), as_json=as_json)
    return int(found.exit)


@command.group(context_settings={"help_option_names": ["-h", "--help"]})
def questionnaire() -> None:
    """Ask suppliers what cannot be measured, and take in what they sign."""


@questionnaire.command("new")
@click.argument("suppliers", nargs=-1)
@click.option("--out", "folder", metavar="DIR", default=".", show_default=True, help="Where the questionnaires are written.")
@common_options
def new(*, suppliers: tuple[str, ...], folder: str, directory: str | None, as_json: bool) -> int:
    """Write a questionnaire for each of SUPPLIERS, or for everybody who supplies a hosted model."""
    from tetrapylon.app.project import open_project
    from tetrapylon.app.questionnaires import send

    return _said(send(open_project(directory), suppliers, Path(folder)), as_json=as_json)


@questionnaire.command("sign")
@click.argument("file")
@click.option("--key", required=True, metavar="K", help="The supplier's own private key (PEM).")
@click.option("--make-key", is_flag=True, help="Make the key first; its public half is written beside it.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 400), help="For how long the answers hold.")
@passphrase_option
@common_options
def sign(*, file: str, key: str, make_key: bool, days: int, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """On the supplier's side: sign FILE, in which every question is answered."""
    from tetrapylon.app.questionnaires import sign_file

    base = Path(directory or ".")
    return _said([sign_file(base / file, base / key, days, passphrase_file, make=make_key)], as_json=as_json)


@questionnaire.command("import")
@click.argument("file")
@click.option("--key", metavar="K", help="The supplier's public key (PEM); needed the first time.")
@click.option("--replace-key", is_flag=True, help="The supplier confirmed by another way that its key is another now.")
@common_options
def import_(*, file: str, key: str | None, replace_key: bool, directory: str | None, as_json: bool) -> int:
    """Take in FILE, answers that a supplier signed; what does not count is refused with the reason."""
    from tetrapylon.app.project import open_project
    from tetrapylon.app.questionnaires import take_in

    return _said(
        [take_in(open_project(directory), Path(file), None if key is None else Path(key), replace_key=replace_key)], as_json=as_json
    )


def _said(steps: Sequence[Step], *, as_json: bool) -> int:
    for each in (warning for step in steps for warning in step.warnings):
        talk(f"warning: {each}")
    data = {"schema": "tetrapylon/questionnaires/1", "questionnaires": [each.as_json() for each in steps], "exit": 0}
    emit(data, [each.line() for each in steps], as_json=as_json)
    return 0

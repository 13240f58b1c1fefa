"""Say why: what a practice asks, its state and evidence, what a rule of `check` means, and the next command."""

from __future__ import annotations

import click

from tetrapylon.cli.known import possible
from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@click.argument("subject")
@common_options
def command(*, subject: str, directory: str | None, as_json: bool) -> int:
    """Say why: what a practice asks, its state and evidence, what a rule of `check` means, and the next command.

    SUBJECT is a practice (`SP2.3`), a verdict (`released`, `refused`, `could not decide`) or a rule of `check` (`torch-load`).
    """
    from tetrapylon.app.explaining import explain

    found = explain(subject, directory)
    lines = [possible(each) if each.startswith(("next: ", "renewed by: ")) else each for each in found.lines]
    emit({"schema": "tetrapylon/explain/1", **found.data, "exit": 0}, lines, as_json=as_json)
    return 0

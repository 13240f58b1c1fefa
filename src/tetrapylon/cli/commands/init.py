"""Write a first `tetrapylon.toml` from what is found in a folder, each line marked found, guessed or to do."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.command()
@click.option(
    "--from",
    "sources",
    metavar="FILE",
    multiple=True,
    help="Take over a model of Threat Dragon, OTM, MLflow or promptfoo as well; repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Print the manifest and write nothing.")
@click.option("--force", is_flag=True, help="Write it anew where there is one.")
@common_options
def command(*, sources: tuple[str, ...], dry_run: bool, force: bool, directory: str | None, as_json: bool) -> int:
    """Write a first `tetrapylon.toml` from what is found in a folder, each line marked found, guessed or to do."""
    from pathlib import Path

    from tetrapylon.app.beginning import begin

    begun = begin(Path(directory or "."), sources, force=force, dry=dry_run)
    emit(begun.as_json(), begun.lines(), as_json=as_json)
    return begun.exit

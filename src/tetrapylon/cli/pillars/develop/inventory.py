"""List every asset of the system, and compare the list with the manifest, the last one and the files."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit, talk


@click.command()
@common_options
@click.option("--reconcile", is_flag=True, help="Show only what was added, changed, is missing, unknown or excluded.")
@click.option("--csv", "table", metavar="FILE", help="Write the list to FILE as CSV, too.")
def command(*, directory: str | None, as_json: bool, reconcile: bool, table: str | None) -> int:
    """List every asset of the system, and compare the list with the manifest, the last one and the files.

    Models, data, prompts, software, documents, logs, assessments, keys and addresses. Ends with 1 if something is changed,
    missing or unknown, or a kind of asset is empty without a word in `inventory.toml`; with 3 if something could not be
    looked at.
    """
    from pathlib import Path

    from tetrapylon.app.inventory import ending, inventory, inventory_csv, inventory_lines, inventory_object
    from tetrapylon.app.project import open_project
    from tetrapylon.outside.files import write_atomic

    found = inventory(open_project(directory))
    if table is not None:
        write_atomic(Path(table), inventory_csv(found))
        talk(f"wrote {len(found.entries)} assets to `{table}`")
    emit(inventory_object(found), inventory_lines(found, differences_only=reconcile), as_json=as_json)
    return ending(found)

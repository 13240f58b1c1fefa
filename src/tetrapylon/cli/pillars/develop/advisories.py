"""Take in advisories of others and match them, off line, with locks and assets."""

from __future__ import annotations

from pathlib import Path

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.group()
def command() -> None:
    """Take in advisories of others and match them, off line, with locks and assets."""


@command.command("import")
@common_options
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--covers",
    type=click.Choice(["pypi", "npm"]),
    multiple=True,
    help="The file is a whole export of this ecosystem: what it does not name was checked. Without it, nothing counts as checked.",
)
def take(*, directory: str | None, as_json: bool, file: Path, covers: tuple[str, ...]) -> int:
    """Keep the OSV records or CSAF documents in FILE (JSON, or a zip of JSON files)."""
    from tetrapylon.app.lessons import import_advisories
    from tetrapylon.app.project import open_project

    done = import_advisories(open_project(directory), file, covers)
    data = {
        "schema": "tetrapylon/advisories-imported/1",
        "file": str(done.path),
        "advisories": done.advisories,
        "covers": list(covers),
        "unread": list(done.unread),
        "exit": 0,
    }
    said = [f"{done.advisories} advisories", *(f"not understood: {each}" for each in done.unread)]
    emit(data, said, as_json=as_json)
    return 0


@command.command()
@common_options
def match(*, directory: str | None, as_json: bool) -> int:
    """Say which parts have a known weakness, and which could not be checked.

    Ends with 1 if something matches, and otherwise with 3 if something could not be checked.
    """
    from tetrapylon.app.lessons import match_advisories
    from tetrapylon.app.project import open_project

    found = match_advisories(open_project(directory))
    rows = [each for lock in found.locks for each in lock.matches] + list(found.assets)
    unchecked = [each for lock in found.locks for each in lock.unchecked]
    code = 1 if any(each.decided is None for each in rows) else 3 if unchecked else 0
    matches = [
        {
            "advisory": each.advisory,
            "title": each.title,
            "severity": each.severity,
            "what": each.what,
            "where": each.where,
            "due": each.due,
            "decided": each.decided,
        }
        for each in rows
    ]
    data = {
        "schema": "tetrapylon/advisories-matched/1",
        "imports": found.imports,
        "packages": found.counts["packages"],
        "matches": matches,
        "unchecked": unchecked,
        "exit": code,
    }
    lines = [f"{each.severity:<9} {each.advisory}: {each.what}, by {each.due[:10]}" for each in rows]
    emit(data, [*lines, *(f"not checked: {each}" for each in unchecked), f"{found.counts['packages']} packages"], as_json=as_json)
    return code

"""Check the manifest, and print its JSON Schema."""

from __future__ import annotations

import json
import sys

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit, talk


@click.group()
def command() -> None:
    """Check the manifest, and print its JSON Schema."""


@command.command()
@common_options
def schema(*, directory: str | None, as_json: bool) -> int:
    """Print the JSON Schema of `tetrapylon.toml`."""
    from tetrapylon.system.schema import manifest_schema

    del directory, as_json
    sys.stdout.write(json.dumps(manifest_schema(), indent=2) + "\n")
    return 0


@command.command()
@click.option("--against", metavar="FILE", help="Tombstones of a retired system: end with 1 if anything of it came back.")
@click.option("--trust", metavar="FILE", help="The retired system's root of trust, to check the tombstones' signature.")
@common_options
def check(*, against: str | None, trust: str | None, directory: str | None, as_json: bool) -> int:
    """Check the manifest and everything that it names, and print the release digest."""
    from tetrapylon.app.assets import read_release
    from tetrapylon.app.project import open_project

    if against is not None:
        return _compared(directory, against, trust, as_json=as_json)
    release = read_release(open_project(directory))
    rows = [{"kind": each.kind, "id": each.id, "digest": each.digest} for each in release.assets]
    lines = [f"  {each['kind']:<14} {each['id']:<24} {each['digest']}" for each in rows]
    emit(
        {"schema": "tetrapylon/release/1", "assets": rows, "digest": release.digest, "exit": 0},
        [*lines, "", f"release {release.digest}"],
        as_json=as_json,
    )
    return 0


def _compared(directory: str | None, against: str, trust: str | None, *, as_json: bool) -> int:
    """Say what of a retired system came back in this one."""
    from pathlib import Path

    from tetrapylon.app.project import open_project
    from tetrapylon.app.retiring.tombstones import compare

    found = compare(open_project(directory), Path(against), trust)
    ends = 1 if found.what else 0
    data = {
        "schema": "tetrapylon/tombstones-compared/1",
        "returned": list(found.what),
        "compared": found.compared,
        "checked": found.checked,
    }
    emit({**data, "exit": ends}, found.what or [f"nothing of {found.compared} retired files and keys came back"], as_json=as_json)
    if not found.checked:
        talk("the tombstones' signature was not checked: give `--trust`")
    return ends

"""Check the manifest, and print its JSON Schema."""

from __future__ import annotations

import json
import sys

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


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
@common_options
def check(*, directory: str | None, as_json: bool) -> int:
    """Check the manifest and everything that it names, and print the release digest."""
    from tetrapylon.app.assets import read_release
    from tetrapylon.app.project import open_project

    release = read_release(open_project(directory))
    rows = [{"kind": each.kind, "id": each.id, "digest": each.digest} for each in release.assets]
    lines = [f"  {each['kind']:<14} {each['id']:<24} {each['digest']}" for each in rows]
    emit(
        {"schema": "tetrapylon/release/1", "assets": rows, "digest": release.digest, "exit": 0},
        [*lines, "", f"release {release.digest}"],
        as_json=as_json,
    )
    return 0

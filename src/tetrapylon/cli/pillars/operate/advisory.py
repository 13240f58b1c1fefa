"""Say what is known about a weakness: CSAF 2.0 advisories and VEX, tied to digests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tetrapylon.cli.options import common_options
from tetrapylon.cli.output import emit


@click.group()
def command() -> None:
    """Say what is known about a weakness: CSAF 2.0 advisories and VEX, tied to digests."""


@command.command()
@common_options
@click.argument("name", metavar="ID")
@click.option("--title", required=True, help="What it is, in one line.")
@click.option("--asset", required=True, metavar="ID", help="The model, dataset or prompt that is affected.")
@click.option("--affected", metavar="RELEASE", help="The release in which it is affected (default: this one).")
@click.option("--fixed", metavar="RELEASE", help="The release in which it is not any more.")
@click.option("--lesson", metavar="TEXT", help="The pinned regression, threat rule, control or training item that it left.")
def new(*, directory: str | None, as_json: bool, name: str, title: str, **about: Any) -> int:
    """Write the draft of an advisory, for you to complete."""
    from tetrapylon.app.lessons import About, new_advisory
    from tetrapylon.app.project import open_project

    path = new_advisory(open_project(directory), name, title, About(**about))
    emit({"schema": "tetrapylon/advisory-draft/1", "file": str(path), "exit": 0}, [f"written: {path}"], as_json=as_json)
    return 0


@command.command()
@common_options
@click.option("--out", metavar="DIR", help="Write into DIR instead of `disclosure`.")
def publish(*, directory: str | None, as_json: bool, out: str | None) -> int:
    """Write every advisory and its VEX with hashes, index and provider metadata, for any web server.

    Nothing is written unless every document passes the schema and all mandatory tests. Ends with 1 if an identifier (CVE,
    CWE, CVSS) is missing without a reason.
    """
    from tetrapylon.app.lessons import publish_advisories
    from tetrapylon.app.project import open_project

    done = publish_advisories(open_project(directory), out)
    code = 1 if done.problems else 0
    data = {
        "schema": "tetrapylon/advisories/1",
        "folder": str(done.folder),
        "files": list(done.files),
        "digests": list(done.digests),
        "problems": list(done.problems),
        "exit": code,
    }
    emit(data, [*(f"{done.folder}/{each}" for each in done.files), *done.problems], as_json=as_json)
    return code


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def validate(*, file: Path, as_json: bool) -> int:
    """Check a CSAF 2.0 document: its schema and every mandatory test; ends with 1 if one fails."""
    from tetrapylon.app.lessons import validate as check

    found = check(file)
    code = 1 if found else 0
    data = {"schema": "tetrapylon/advisory-check/1", "valid": not found, "problems": found, "exit": code}
    emit(data, found or ["valid: the schema and all mandatory tests"], as_json=as_json)
    return code


@command.command()
@common_options
@click.argument("file", type=click.Path(path_type=Path))
def match(*, directory: str | None, as_json: bool, file: Path) -> int:
    """Say which assets of this release a CSAF document calls affected, by digest; ends with 1 if there is one."""
    from tetrapylon.app.lessons import match_document
    from tetrapylon.app.project import open_project

    found = match_document(open_project(directory), file)
    code = 1 if found else 0
    rows = [{"kind": each.kind, "id": each.id, "digest": each.digest} for each in found]
    data = {"schema": "tetrapylon/advisory-match/1", "assets": rows, "exit": code}
    emit(data, [f"{each.kind} {each.id}" for each in found] or ["nothing of this release is affected"], as_json=as_json)
    return code

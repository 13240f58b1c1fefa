"""Decide, as a named person, on outputs that are held, or record a decision on any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit

F = TypeVar("F", bound=Callable[..., Any])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Decide, as a named person, on outputs that are held, or record a decision on any other."""


def _person_options(function: F) -> F:
    function = click.option("--ssh-key", metavar="FILE", help="Sign with this SSH key instead of a file key.")(function)
    function = click.option("--reason", required=True, help="Why, in the person's words.")(function)
    function = click.option("--person", required=True, metavar="ID", help="Who decides: a person of the manifest.")(function)
    return passphrase_option(function)


@command.command("list")
@click.option("--waiting", is_flag=True, help="Only what waits for a decision.")
@common_options
def show(*, waiting: bool, directory: str | None, as_json: bool) -> int:
    """Show what is held, what was decided on it by whom, and the other decisions."""
    from tetrapylon.app.deciding import listing
    from tetrapylon.app.project import open_project

    found = [each for each in listing(open_project(directory)) if not waiting or each["state"] == "waiting"]
    bad = any(each["state"] in {"does not count", "damaged"} for each in found)
    lines = [_line(each) for each in found] or ["nothing is held, and nothing was decided"]
    emit({"schema": "tetrapylon/decisions/1", "decisions": found, "exit": int(bad)}, lines, as_json=as_json)
    return int(bad)


def _line(row: dict[str, Any]) -> str:
    who = f" by {row['person']}: {row['reason']}" if row.get("person") else f": {row.get('why', '')}"
    return f"{row['id'] or row.get('output', '')}  {row.get('tool', '')}  {row['state']}{who}"


@command.command("approve")
@click.argument("held")
@_person_options
@common_options
def approve(*, held: str, **options: Any) -> int:
    """Approve what is held under an id: it is released, once."""
    return _decide(held, "approve", **options)


@command.command("reject")
@click.argument("held")
@_person_options
@common_options
def reject(*, held: str, **options: Any) -> int:
    """Reject what is held under an id: it is never released."""
    return _decide(held, "reject", **options)


def _decide(
    held: str,
    action: str,
    *,
    person: str,
    reason: str,
    ssh_key: str | None,
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    from tetrapylon.app import deciding, wiring
    from tetrapylon.app.project import open_project
    from tetrapylon.outside.clock import SystemClock

    signing = deciding.Signing(wiring.read_passphrase(passphrase_file), ssh_key)
    wanted = {"person": person, "action": action, "reason": reason}
    done = deciding.decide_hold(open_project(directory), held, wanted, signing, SystemClock().now())
    emit({"schema": "tetrapylon/output-decided/1", **done.as_json(), "exit": 0}, done.lines(), as_json=as_json)
    return 0


@command.command("record")
@click.option("--output-digest", required=True, metavar="sha256:…", help="The output that it is about, as its receipt names it.")
@click.option("--action", type=click.Choice(["approve", "reject"]), required=True, help="What is decided.")
@_person_options
@common_options
def record(
    *,
    output_digest: str,
    action: Any,
    person: str,
    reason: str,
    ssh_key: str | None,
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Record a decision on an output that was not held."""
    from tetrapylon.app import deciding, wiring
    from tetrapylon.app.project import open_project
    from tetrapylon.outside.clock import SystemClock

    signing = deciding.Signing(wiring.read_passphrase(passphrase_file), ssh_key)
    wanted = deciding.Wanted(output_digest, person, action, reason)
    done = deciding.record(open_project(directory), wanted, signing, SystemClock().now())
    emit({"schema": "tetrapylon/output-decided/1", **done.as_json(), "exit": 0}, done.lines(), as_json=as_json)
    return 0

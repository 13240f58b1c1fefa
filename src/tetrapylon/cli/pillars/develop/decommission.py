"""Plan, rehearse and carry out the end of a system: keys revoked, routes closed, data deleted, users told, each probed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit, talk

if TYPE_CHECKING:
    from tetrapylon.app.retiring.executing import Ending


@click.group()
def command() -> None:
    """Plan, rehearse and carry out the end of a system: keys revoked, routes closed, data deleted, users told, each probed."""


@command.command()
@click.option("--draft", is_flag=True, help="Print a `decommission.toml` to begin with.")
@common_options
def plan(*, draft: bool, directory: str | None, as_json: bool) -> int:
    """Say what the plan would do, and what it does not say yet; ends with 1 if it is missing or not whole."""
    from tetrapylon.app.project import open_project
    from tetrapylon.app.retiring.planning import planned
    from tetrapylon.develop.debt.retirement import draft as begin

    project = open_project(directory)
    if draft:
        text = begin(project.facts)
        emit({"schema": "tetrapylon/decommission-draft/1", "text": text, "exit": 0}, text.splitlines(), as_json=as_json)
        return 0
    found = planned(project)
    lines = [*found["problems"], *(f"  {each['act']:<14} {each['part']}" for each in found["steps"])]
    emit(found, lines, as_json=as_json)
    return int(found["exit"])


@command.command()
@passphrase_option
@common_options
def rehearse(*, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Carry the plan out on a copy and record that it was rehearsed; the system itself runs on."""
    from tetrapylon.app.retiring.executing import rehearse as hold

    return _told(hold(directory, passphrase_file), "rehearsed on a copy", as_json=as_json)


@command.command()
@click.option("--yes", is_flag=True, help="This system ends now; there is no way back but a backup.")
@passphrase_option
@common_options
def execute(*, yes: bool, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Carry the plan out on this system: it ends now."""
    from tetrapylon.app.retiring.executing import begin
    from tetrapylon.kernel.errors import UsageError

    if not yes:
        raise UsageError("this ends the system for good", hint="say `--yes`, or rehearse it on a copy first", code="not-sure")
    return _told(begin(directory, passphrase_file), "carried out", as_json=as_json)


@command.command()
@passphrase_option
@common_options
def resume(*, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Go on with an execution that was interrupted, or in which something would not go."""
    from tetrapylon.app.retiring.executing import resume as go_on

    return _told(go_on(directory, passphrase_file), "carried out", as_json=as_json)


@command.command()
@common_options
def status(*, directory: str | None, as_json: bool) -> int:
    """Say how far the end of this system is; ends with 3 while it is begun and not over."""
    from tetrapylon.app.project import open_project
    from tetrapylon.app.retiring.executing import read_state

    state = read_state(open_project(directory))
    if state is None:
        emit({"schema": "tetrapylon/decommission/1", "begun": False, "exit": 0}, ["the system runs: no end was begun"], as_json=as_json)
        return 0
    return _told(state, "over" if state.over else "begun, and not over", as_json=as_json)


def _told(state: Ending, what: str, *, as_json: bool) -> int:
    from tetrapylon.app.retiring.executing import remaining, results

    left = remaining(state)
    ends = 0 if left == 0 else 3
    rows = results(state)
    lines = [f"  {'gone' if each['gone'] else 'LEFT':<5} {each['part']:<28} {each['act']:<14} {each['found']}" for each in rows]
    data = {
        "schema": "tetrapylon/decommission/1",
        "begun": True,
        "what": what,
        "remaining": left,
        "tombstones": state.tombstones,
        "results": rows,
    }
    emit({**data, "exit": ends}, [*lines, f"{what}: {left} parts remain"], as_json=as_json)
    if what == "carried out" and left:
        talk("\nhint: `tetrapylon develop decommission resume` tries again what would not go")
    return ends

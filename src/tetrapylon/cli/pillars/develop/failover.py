"""Let an alternate answer for a model: the plan, the triggers, switching and going back, and a timed drill."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit, talk
from tetrapylon.kernel.errors import UsageError

if TYPE_CHECKING:
    from tetrapylon.app.project import Project


@click.group()
def command() -> None:
    """Let an alternate answer for a model: the plan, the triggers, switching and going back, and a timed drill."""


def _project(directory: str | None) -> Project:
    """Return the project, once what a killed drill left was put right."""
    from tetrapylon.app.failover.exercise import restore
    from tetrapylon.app.project import open_project

    project = open_project(directory)
    for each in restore(project):
        talk(each)
    return project


@command.command()
@common_options
def plan(*, directory: str | None, as_json: bool) -> int:
    """Show which alternate may take over from which model, and in what the two differ; a weaker one may not."""
    from tetrapylon.app.failover.planning import plan_lines, plan_object

    found = plan_object(_project(directory))
    emit(found, plan_lines(found), as_json=as_json)
    return int(found["exit"])


@command.command()
@common_options
def status(*, directory: str | None, as_json: bool) -> int:
    """Say who answers for whom, and what the evidence says against a supplier or a file; changes nothing."""
    from tetrapylon.app.failover.checking import standing

    found = standing(_project(directory))
    emit(found.as_json(), found.lines(), as_json=as_json)
    return found.exit


@command.command()
@passphrase_option
@common_options
def check(*, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Switch away from each model that the evidence speaks against; the gateway runs this when evidence is recorded."""
    from tetrapylon.app.failover.checking import check as run

    found = run(_project(directory), passphrase_file)
    emit(found.as_json(), [*found.changed, *found.lines()], as_json=as_json)
    return found.exit


@command.command()
@click.argument("model")
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--by", default="", metavar="PERSON", help="Who says so.")
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and do nothing.")
@passphrase_option
@common_options
def switch(*, model: str, reason: str, by: str, plan_only: bool, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Let the alternate of MODEL answer in its place, within a second, until somebody goes back."""
    from tetrapylon.app.acting import run_act

    asked = {"model": model, "reason": reason, "by": by, "trigger": "by-hand"}
    done = run_act("switch-supplier", asked, str(_project(directory).root), passphrase_file, plan_only=plan_only)
    emit(done.as_json(), done.lines(), as_json=as_json)
    return done.exit


@command.command()
@click.argument("model")
@click.option("--reason", required=True, help="Why, for the record.")
@click.option("--by", default="", metavar="PERSON", help="Who says so.")
@passphrase_option
@common_options
def back(*, model: str, reason: str, by: str, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Let MODEL answer itself again, unless the evidence still speaks against it."""
    from tetrapylon.app.failover.checking import go_back

    done = go_back(_project(directory), model, reason, by, passphrase_file)
    emit(done.as_json(), done.lines(), as_json=as_json)
    return done.exit


@command.command()
@click.option("--start", "starts", multiple=True, metavar="MODEL=COMMAND", help="How a model is started (repeatable); the drill ends it.")
@click.option("--no-failover", is_flag=True, help="Drill with the trigger off: it must say that nothing was switched.")
@click.option("--wait", type=click.FloatRange(0.1, 600), default=60.0, show_default=True, help="Seconds for which a switch is waited for.")
@passphrase_option
@common_options
def drill(
    *, starts: tuple[str, ...], no_failover: bool, wait: float, passphrase_file: str | None, directory: str | None, as_json: bool
) -> int:
    """Really break each model that has an alternate, time the switch at the client, and leave evidence.

    Once its process is ended (or its file taken away), and once its supplier fails (or its file is not what was signed).
    """
    from tetrapylon.app.failover.drilling import Wanted
    from tetrapylon.app.failover.drilling import drill as run
    from tetrapylon.develop.supply.failover.drill import Patience

    wanted = Wanted(dict(map(_named, starts)), not no_failover, Patience(wait, max(wait, 30.0)))
    held = run(_project(directory), wanted, passphrase_file)
    emit(held.as_json(), held.lines(), as_json=as_json)
    return held.exit


def _named(text: str) -> tuple[str, list[str]]:
    model, _, said = text.partition("=")
    try:
        words = shlex.split(said)
    except ValueError:
        words = []
    if not model or not words:
        raise UsageError(f"`{text[:64]}` is not MODEL=COMMAND", hint="for example `assistant=python3 assistant.py`", code="bad-value")
    return model, words

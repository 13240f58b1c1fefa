"""Take in reports of weaknesses, and keep the clocks of each case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit

if TYPE_CHECKING:
    from tetrapylon.app.lessons import Desk
    from tetrapylon.operate.lessons.cases import Case


@click.group()
def command() -> None:
    """Take in reports of weaknesses, and keep the clocks of each case."""


@command.command()
@common_options
@passphrase_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reporter", metavar="ADDRESS", help="Who wrote; only a salted digest goes to the log.")
def add(*, directory: str | None, as_json: bool, passphrase_file: str | None, file: Path, reporter: str | None) -> int:
    """Open a case for the report in FILE. It is read as text within a bound, whatever it claims to be."""
    desk = _desk(directory, passphrase_file)
    case, report = desk.receive(file, reporter)
    notes = []
    if report.trimmed:
        notes.append(f"the report has {report.length} bytes; the first {1 << 20} were read, the digest is of all of them")
    if report.markup:
        notes.append("the report is HTML; its text was taken, nothing was rendered")
    return _tell(desk, [case], as_json=as_json, notes=notes)


@command.command("list")
@common_options
@click.option("--overdue", is_flag=True, help="Only what should have been done before.")
def show(*, directory: str | None, as_json: bool, overdue: bool) -> int:
    """Show the cases with their clocks; ends with 1 if a step is overdue."""
    desk = _desk(directory, None)
    found = [each for each in desk.cases().values() if not overdue or each.overdue(desk.policy, desk.now)]
    return _tell(desk, found, as_json=as_json)


@command.command()
@common_options
@passphrase_option
@click.argument("case")
@click.argument("event", type=click.Choice(["acknowledged", "triaged", "fixed", "rejected", "closed"]))
@click.option("--lesson", metavar="REF", help="The threat rule, regression, control or training item that it left.")
def move(*, directory: str | None, as_json: bool, passphrase_file: str | None, case: str, event: str, lesson: str | None) -> int:
    """Record that a step of CASE was done. Closing one that was fixed needs a lesson."""
    from tetrapylon.operate.lessons.cases import EVENTS

    desk = _desk(directory, passphrase_file)
    return _tell(desk, [desk.move(case, EVENTS[EVENTS.index(event)], lesson)], as_json=as_json)


def _desk(directory: str | None, passphrase_file: str | None) -> Desk:
    from tetrapylon.app import wiring
    from tetrapylon.app.lessons import Desk
    from tetrapylon.app.project import open_project

    return Desk(open_project(directory), wiring.read_passphrase(passphrase_file))


def _tell(desk: Desk, found: list[Case], *, as_json: bool, notes: list[str] | None = None) -> int:
    rows: list[dict[str, Any]] = [
        {
            "case": each.id,
            "state": each.state,
            "report": each.report,
            "times": dict(each.times),
            "due": each.due(desk.policy),
            "overdue": each.overdue(desk.policy, desk.now),
            "lesson": each.lesson,
        }
        for each in found
    ]
    code = 1 if any(each["overdue"] for each in rows) else 0
    data = {"schema": "tetrapylon/intake/1", "cases": rows, "notes": notes or [], "exit": code}
    lines = [f"{each['case']}: {each['state']}" + (f", overdue: {', '.join(each['overdue'])}" if each["overdue"] else "") for each in rows]
    emit(data, [*(lines or ["no case"]), *(notes or [])], as_json=as_json)
    return code

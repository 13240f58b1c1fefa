"""Plan, rehearse, open and close incidents; playbooks name real acts, and drills break the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit, talk

if TYPE_CHECKING:
    from tetrapylon.app.incidents.state import State


@click.group()
def command() -> None:
    """Plan, rehearse, open and close incidents; playbooks name real acts, and drills break the real thing."""


@command.command(name="list")
@common_options
def list_playbooks(*, directory: str | None, as_json: bool) -> int:
    """List the playbooks: what each one answers, how often it was drilled, and which high threats have none."""
    from tetrapylon.app.incidents.listing import listing

    found = listing(directory)
    lines = [f"  {each['id']:<18} {each['severity']:<9} {each['drilled']:<24} {each['title']}" for each in found["playbooks"]]
    lines += [f"no playbook answers `{each}`" for each in found["missing"] or ()]
    emit(found, lines, as_json=as_json)
    return 0


@command.command()
@click.argument("playbook")
@click.option("--asset", metavar="ID", help="Which model it is about (default: the first that fits).")
@passphrase_option
@common_options
def plan(*, playbook: str, asset: str | None, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Say what each step of a playbook would do here, doing nothing; ends with 1 if one could not be run."""
    from tetrapylon.app.incidents.listing import planned

    found = planned(directory, passphrase_file, playbook, asset)
    lines = []
    for number, each in enumerate(found["steps"]):
        lines.append(
            f"{number}. {each['act']} ({each['phase']}, {each['role']}){'' if each['problem'] is None else ': ' + each['problem']}"
        )
        lines += [f"     {line}" for line in each["would"]]
    emit(found, lines, as_json=as_json)
    return int(found["exit"])


@command.command()
@click.argument("playbook", required=False)
@click.option("--asset", metavar="ID", help="Which model is broken (default: the first that fits).")
@click.option("--by", "participants", multiple=True, metavar="PERSON", help="Who takes part; may be given several times.")
@click.option("--process", type=int, metavar="PID", help="The process behind an endpoint that runs already.")
@click.option("--without-detector", "control", is_flag=True, help="Leave the detector off, to see that nothing else stops the clock.")
@click.option("--resume", is_flag=True, help="Finish a drill that was interrupted.")
@click.option("--abort", is_flag=True, help="Give a drill up and put the system back.")
@passphrase_option
@common_options
def drill(*, playbook: str | None, as_json: bool, directory: str | None, passphrase_file: str | None, **given: Any) -> int:
    """Break the system in this folder on purpose, see it noticed, contained and restored, and record the times.

    Only evidence of the detector stops the first clock. The system is put back whatever happens. Ends with 1 if it was not
    noticed, not contained, not restored, or a gap was found.
    """
    from tetrapylon.app.incidents import drilling, state

    desk = drilling.desk_of(directory, passphrase_file)
    if given["resume"] or given["abort"]:
        found = (drilling.resume if given["resume"] else drilling.abort)(desk, state.active(desk.project))
    elif playbook is None:
        raise click.UsageError("name a playbook, or `--resume` or `--abort` one that was interrupted")
    else:
        wanted = drilling.Wanted(given["asset"], tuple(given["participants"]), given["process"], given["control"])
        found = drilling.drill(playbook, wanted, desk)
    return _told(found, as_json=as_json)


def _told(found: State, *, as_json: bool) -> int:
    from tetrapylon.app.incidents.state import as_json as data_of

    good = found.recovered_at is not None and not found.gaps and found.stage == "closed"
    ends = 0 if good or found.stage == "aborted" else 1
    lines = [f"{found.id}: {found.stage}"]
    clocks = (("detected", found.detected_at), ("contained", found.contained_at), ("recovered", found.recovered_at))
    if found.stage == "closed":
        lines += [f"  {name:<10} {'not ' + name if at is None else f'after {found.seconds(at):.2f} s'}" for name, at in clocks]
        lines += [f"  gap: {each}" for each in found.gaps]
    emit({**data_of(found), "exit": ends}, lines, as_json=as_json)
    if found.control:
        talk("nothing was recorded: the detector was left off on purpose")
    return ends


@command.command()
@common_options
def status(*, directory: str | None, as_json: bool) -> int:
    """Say which drills and incidents are not over, what state each left, and what can be done about it."""
    from tetrapylon.app.incidents.listing import status as standing

    found = standing(directory)
    lines = [f"  {each['id']}  {each['means']}" for each in found["drills"]]
    lines += [f"  {each['id']}  open since {each['opened']}: {each['what']}" for each in found["incidents"]]
    emit(found, lines or ["nothing is open"], as_json=as_json)
    if found["drills"]:
        talk("\nhint: `tetrapylon deploy incident drill --resume` finishes it, `--abort` puts the system back")
    return 0


@command.command(name="open")
@click.option("--playbook", required=True, metavar="NAME", help="Which plan is followed.")
@click.option("--what", required=True, metavar="TEXT", help="What was seen, in one sentence.")
@click.option("--asset", metavar="ID", help="What it is about (default: the first that fits).")
@click.option("--exploited", is_flag=True, help="A weakness of the product is actively exploited (otherwise: a severe incident).")
@passphrase_option
@common_options
def open_one(*, directory: str | None, as_json: bool, passphrase_file: str | None, **given: Any) -> int:
    """Open an incident: seal the evidence, start the clocks, and draft what the authority has to hear."""
    from tetrapylon.app.incidents.opening import open_incident

    found = open_incident(directory, passphrase_file, **given)
    lines = [f"{found['id']}: sealed in log record {found['sealed']}", *(f"  {each['what']} by {each['due']}" for each in found["clocks"])]
    emit(found, [*lines, f"  draft: {found['draft']}"], as_json=as_json)
    return 0


@command.command()
@click.argument("incident")
@click.option("--lesson", required=True, metavar="KIND:PATH", help="What changed: threat, regression, control or training, and its file.")
@click.option("--draft", metavar="FILE", help="The report with its fields filled in (default: the draft).")
@passphrase_option
@common_options
def close(*, incident: str, lesson: str, draft: str | None, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Close an incident; it must have left a new threat rule, test, control or training item."""
    from tetrapylon.app.incidents.opening import close_incident

    found = close_incident(directory, passphrase_file, incident, lesson, draft)
    emit(
        found,
        [f"{incident} is closed; lesson: {found['lesson']}", *(f"  the report still lacks: {each}" for each in found["lacking"])],
        as_json=as_json,
    )
    return 0

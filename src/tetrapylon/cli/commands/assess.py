"""Measure the system now and leave evidence for each practice of the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit

if TYPE_CHECKING:
    from tetrapylon.app.decide import Decided
    from tetrapylon.app.run import Assessed, Effort


@click.command()
@click.option("--profile", metavar="NAME", help="Measure for this profile: start, core or full.")
@click.option("--all", "effort", flag_value="all", help="Measure everything again, also where nothing changed.")
@click.option("--due", "effort", flag_value="due", help="Measure what is due by its age or for a new release: for schedulers.")
@click.option("--schedule", metavar="KIND", help="Print what makes `assess --due` continuous: systemd, cron, github or gitlab.")
@passphrase_option
@common_options
def command(
    *,
    profile: str | None,
    effort: Effort | None,
    schedule: str | None,
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Measure the system now and leave evidence for each practice of the profile.

    What nothing has changed for since the last time, and what is not due by its age, is not measured again.
    """
    from tetrapylon.app import wiring
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder
    from tetrapylon.app.run import assess
    from tetrapylon.cli.board import decision_lines
    from tetrapylon.cli.progress import listening
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    if schedule is not None:
        return _scheduled(project.system_id, schedule, as_json=as_json)
    recorder = Recorder(project, policy(project, profile), wiring.read_passphrase(passphrase_file), now=SystemClock().now())
    with listening() as listener:
        done = assess(recorder, listener, effort or "changed")
    decided = done.decided
    where = "log" if recorder.to_log else "draft"
    emit(_data(done, decided, where), [*_left(done, where), "", *decision_lines(decided)], as_json=as_json)
    return int(decided.decision["exit"])


def _scheduled(system: str, kind: str, *, as_json: bool) -> int:
    from tetrapylon.app.scheduling import schedule

    files = schedule(kind, system)
    lines = [line for name, text in files.items() for line in (f"# {name}", *text.splitlines(), "")]
    emit({"schema": "tetrapylon/schedule/1", "kind": kind, "files": files, "exit": 0}, lines[:-1], as_json=as_json)
    return 0


def _left(done: Assessed, where: str) -> list[str]:
    left = f"{len(done.filed)} statements left as {where}"
    stands = f"; the evidence of {', '.join(done.kept)} stands" if done.kept else ""
    return [f"{left}{stands}", *([f"next due {done.next_due}"] if done.next_due else [])]


def _data(done: Assessed, decided: Decided, where: str) -> dict[str, Any]:
    return {
        "schema": "tetrapylon/posture/1",
        "evidence": [
            {"predicate": each.predicate, "subjects": list(each.subjects), "record": each.index, "signed": each.signed}
            for each in done.filed
        ],
        "kept": list(done.kept),
        "nextDue": done.next_due,
        "refused": [{"file": name, "why": why} for name, why in done.refused],
        "where": where,
        **{key: decided.decision[key] for key in ("system", "profile", "timestamp", "practices", "notAssessed", "demo", "exit")},
        "verdict": decided.decision["verdict"],
    }

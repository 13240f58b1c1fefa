"""Measure the system now and leave evidence for each practice of the profile."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.option("--profile", metavar="NAME", help="Measure for this profile: start, core or full.")
@passphrase_option
@common_options
def command(*, profile: str | None, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Measure the system now and leave evidence for each practice of the profile."""
    from tetrapylon.app import decide, wiring
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder
    from tetrapylon.app.run import assess
    from tetrapylon.cli.board import decision_lines
    from tetrapylon.cli.progress import listening
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    recorder = Recorder(project, policy(project, profile), wiring.read_passphrase(passphrase_file), now=SystemClock().now())
    with listening() as listener:
        done = assess(recorder, listener)
        decided = decide.assess_now(project, recorder.policy, SystemClock().now(), listener)
    where = "log" if recorder.to_log else "draft"
    data = {
        "schema": "tetrapylon/posture/1",
        "evidence": [
            {"predicate": each.predicate, "subjects": list(each.subjects), "record": each.index, "signed": each.signed}
            for each in done.filed
        ],
        "refused": [{"file": name, "why": why} for name, why in done.refused],
        "where": where,
        **{key: decided.decision[key] for key in ("system", "profile", "timestamp", "practices", "notAssessed", "demo", "exit")},
        "verdict": decided.decision["verdict"],
    }
    emit(data, [f"{len(done.filed)} statements left as {where}", "", *decision_lines(decided)], as_json=as_json)
    return int(decided.decision["exit"])

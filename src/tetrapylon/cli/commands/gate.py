"""Decide the release from the evidence, and record the decision."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.command()
@click.option("--profile", metavar="NAME", help="Decide by this profile: start, core or full.")
@click.option("--ratchet", is_flag=True, help="Refuse only what got worse than the last decision.")
@click.option("--at", "at_time", metavar="TIME", help="Make the last decision recorded at or before TIME again.")
@click.option("--decision", metavar="DIGEST", help="Make this decision again.")
@passphrase_option
@common_options
def command(
    *,
    profile: str | None,
    ratchet: bool,
    at_time: str | None,
    decision: str | None,
    passphrase_file: str | None,
    directory: str | None,
    as_json: bool,
) -> int:
    """Decide the release from the evidence, and record the decision."""
    from tetrapylon.app import decide, wiring
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder
    from tetrapylon.cli.board import decision_lines
    from tetrapylon.cli.progress import listening
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    if at_time or decision:
        found = decide.find_decision(wiring.open_ledger(project), at=at_time, digest=decision)
        decided = decide.decide_again(project, found)
    else:
        recorder = Recorder(project, policy(project, profile), wiring.read_passphrase(passphrase_file), now=SystemClock().now())
        ratchet = ratchet or bool(project.facts.get("gate", {}).get("ratchet", False))
        with listening() as listener:
            decided = decide.gate(recorder, ratchet=ratchet, listener=listener)
    emit({**decided.decision, "recorded": decided.recorded, "drafts": decided.drafts}, decision_lines(decided), as_json=as_json)
    return int(decided.decision["exit"])

"""Show, verify, export and feed the log of evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.group()
def command() -> None:
    """Show, verify, export and feed the log of evidence."""


@command.command()
@click.option("--limit", default=20, show_default=True, help="The newest records to show; 0 shows all.")
@click.option("--record", type=click.IntRange(min=0), metavar="N", help="Check this record and show it whole.")
@common_options
def show(*, limit: int, record: int | None, directory: str | None, as_json: bool) -> int:
    """Show the records, newest last."""
    from tetrapylon.app import bookkeeping
    from tetrapylon.app.project import open_project

    if record is not None:
        found = bookkeeping.prove_record(open_project(directory), record)
        emit({"schema": "tetrapylon/log-record/1", **found, "exit": 0}, _whole(found), as_json=as_json)
        return 0
    rows = bookkeeping.log_rows(open_project(directory), limit)
    lines = [f"  {each['record']:>5}  {each['recordedAt']}  {each['predicate']:<18} {', '.join(each['subjects'])}" for each in rows]
    emit({"schema": "tetrapylon/log/1", "records": rows, "exit": 0}, lines or ["the log is empty"], as_json=as_json)
    return 0


def _whole(found: dict[str, Any]) -> Iterator[str]:
    """Yield a record that was checked."""
    from tetrapylon.kernel.columns import one_line

    signers = ", ".join(f"{each['holder']} ({', '.join(each['roles'])})" for each in found["signers"]) or "nobody known"
    yield f"record {found['record']}: {found['predicate']}, observed {found['observedTo']}, recorded {found['recordedAt']}"
    yield from (f"  about {one_line(each['name'])} {each['digest']}" for each in found["subjects"])
    if found["statement"] is None:
        yield "  the statement was erased; its place in the log is proved"
    else:
        yield from (f"  {name}: {one_line(json.dumps(value, ensure_ascii=False))}" for name, value in sorted(found["statement"].items()))
    yield f"signed by {signers}, whose key was valid then"
    yield f"in the log of {found['log']['size']} records, root {found['log']['root']}, by {len(found['log']['proof'])} hashes"


@command.command()
@common_options
def verify(*, directory: str | None, as_json: bool) -> int:
    """Check every record, signature and the published checkpoint."""
    from tetrapylon.app import bookkeeping
    from tetrapylon.app.project import open_project

    found = bookkeeping.verify_log(open_project(directory))
    said = f"the log of {found['size']} records is whole: root {found['root']}, checkpoint of {found['checkpoint']}"
    emit({"schema": "tetrapylon/log-verify/1", **found, "exit": 0}, [said], as_json=as_json)
    return 0


@command.command()
@click.argument("target", type=click.Path())
@common_options
def export(*, target: str, directory: str | None, as_json: bool) -> int:
    """Copy the log to the folder TARGET as C2SP tlog-tiles, which any static web server can serve."""
    from tetrapylon.app import bookkeeping
    from tetrapylon.app.project import open_project

    count = bookkeeping.export_log(open_project(directory), Path(target))
    data = {"schema": "tetrapylon/log-export/1", "target": target, "records": count, "exit": 0}
    emit(data, [f"{target}: {count} records with checkpoint and tiles"], as_json=as_json)
    return 0


@command.command()
@click.argument("files", nargs=-1, type=click.Path())
@passphrase_option
@common_options
def admit(*, files: tuple[str, ...], passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Take signed drafts, waivers and attestations into the log (default: all that wait)."""
    from tetrapylon.app import recording, wiring
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.kernel.errors import Exit, RefusedError
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    recorder = recording.Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=SystemClock().now())
    if not recorder.to_log:
        raise RefusedError(
            "this run does not keep the log", hint="run it on the sequencer's branch, where the log's keys are", code="not-sequencer"
        )
    done = recording.admit(recorder, [Path(each) for each in files] or recording.pending(project))
    ends = Exit.REFUSED if done.refused else Exit.GOOD
    data = {
        "schema": "tetrapylon/log-admit/1",
        "recorded": [each.index for each in done.recorded],
        "known": list(done.known),
        "refused": [{"file": name, "why": why} for name, why in done.refused],
        "exit": int(ends),
    }
    lines = [f"{len(done.recorded)} recorded, {len(done.known)} known already, {len(done.refused)} refused"]
    emit(data, [*lines, *(f"  {name}: {why}" for name, why in done.refused)], as_json=as_json)
    return int(ends)

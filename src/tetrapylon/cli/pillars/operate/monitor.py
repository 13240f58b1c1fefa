"""Watch behaviour: what is normal for a release, what changed, and whether the detectors see it."""

from __future__ import annotations

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit


@click.group()
def command() -> None:
    """Watch behaviour: what is normal for a release, what changed, and whether the detectors see it."""


_from = click.option("--from", "source", metavar="FILE", help="Read events from FILE (JSON Lines) instead of what the gateway wrote.")


@command.command()
@_from
@passphrase_option
@common_options
def baseline(*, source: str | None, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Learn what is normal for this release, and leave it as signed evidence."""
    from tetrapylon.app.monitoring import Monitor
    from tetrapylon.app.project import open_project

    done = Monitor(open_project(directory), passphrase_file).baseline(source)
    emit(done.as_json(), done.lines, as_json=as_json)
    return done.exit


@command.command()
@_from
@click.option("--silent-after", type=click.IntRange(1), default=3600, show_default=True, help="Seconds without an event that are an alarm.")
@passphrase_option
@common_options
def window(*, source: str | None, silent_after: int, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Compare what happened since with the baseline; leaves evidence, ends with 1 on an alarm and with 3 on silence."""
    from tetrapylon.app.monitoring import Monitor
    from tetrapylon.app.project import open_project

    done = Monitor(open_project(directory), passphrase_file).window(source, silent_after)
    lines = (f"{done.payload['observations']} observations, {done.payload['alarms']} alarms", *done.lines)
    emit(done.as_json(), lines, as_json=as_json)
    return done.exit


@command.command()
@passphrase_option
@common_options
def drill(*, passphrase_file: str | None, directory: str | None, as_json: bool) -> int:
    """Replay real events with steps, drifts and attacks injected, and count what the detectors see; leaves evidence."""
    from tetrapylon.app.monitoring import Monitor
    from tetrapylon.app.project import open_project

    done = Monitor(open_project(directory), passphrase_file).drill()
    emit(done.as_json(), done.lines, as_json=as_json)
    return done.exit


@command.command()
@common_options
def status(*, directory: str | None, as_json: bool) -> int:
    """Say which baseline there is, whether it is about this release, and when what was last looked at."""
    from tetrapylon.app.monitoring import Monitor
    from tetrapylon.app.project import open_project

    found = Monitor(open_project(directory)).status()
    lines = [found["why"] or f"the baseline of {found['baseline']} observations is about this release"]
    lines += [f"last {event}: {when}" for event, when in found["last"].items()]
    emit(found, lines, as_json=as_json)
    return int(found["exit"])

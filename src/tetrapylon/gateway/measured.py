"""Measurements of a system's guards as evidence about its release."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from tetrapylon.app import wiring
from tetrapylon.app.assets import read_release
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project
from tetrapylon.app.recording import Filed, Recorder, subject
from tetrapylon.evidence.observation import Observation
from tetrapylon.gateway.guarding import SystemGuards
from tetrapylon.gateway.measuring import SETS, Measured, development_sets, load_set, measure
from tetrapylon.outside.clock import SystemClock

SHARED = "TETRAPYLON_SHARED"
"""The variable that names a folder with data for development."""


def measure_all(guards: SystemGuards) -> tuple[list[Measured], list[Measured]]:
    """Return what came out for our cases, and for those of others where they are at hand."""
    others = os.environ.get(SHARED)
    return (
        [measure(guards, load_set(name)) for name in SETS],
        [measure(guards, each) for each in (development_sets(Path(others)) if others else ())],
    )


def recorded(project: Project, guards: SystemGuards, found: list[Measured], passphrase_file: str | None) -> list[Filed]:
    """File the measurements of our cases as evidence about the release."""
    now = SystemClock().now()
    recorder = Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=now)
    return recorder.file(list(_observations(project, guards, found)))


def _observations(project: Project, guards: SystemGuards, found: list[Measured]) -> Iterator[Observation]:
    about = (subject("release", read_release(project).digest),)
    tool = {"name": "tetrapylon", "version": metadata.version("tetrapylon")}
    now = SystemClock().now()
    for each in found:
        # Cases that were missed are counted, not quoted: the log is no place for them.
        detail = [f"{each.bad - each.caught} of {each.bad} were missed, {each.alarms} of {each.good} were stopped wrongly"]
        payload = {**each.as_json(), "defenceDigest": guards.digest, "tool": tool, "detail": detail}
        yield Observation("input-defence-measurement", about, payload, now, now, "scanner")

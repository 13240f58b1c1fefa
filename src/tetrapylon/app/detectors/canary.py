"""Notice that a canary left in an answer, by reading the log of answers as it grows."""

from __future__ import annotations

from tetrapylon.app.project import Project
from tetrapylon.app.sighting import Sighting, Watched, alarm
from tetrapylon.deploy.incidents.canary import canaries_in
from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.answers import answers_from
from tetrapylon.outside.files import read_bytes

FILE = "canaries"


def look(project: Project, watched: Watched) -> Sighting | None:
    """Return the first answer since the last look that holds a canary."""
    found = answers_from(project.state("answers", f"{watched.asset}.jsonl"), int(watched.memory.get("place", 0)))
    watched.memory["place"] = found.next
    marks = canaries(project)
    for each in found.texts:
        if canaries_in(each, marks):
            return alarm("canary", watched, each.encode(), "an answer holds a canary that must not leave")
    return None


def canaries(project: Project) -> list[str]:
    """Return the marks that must not leave."""
    try:
        return read_bytes(project.state(FILE), 1 << 20).decode("utf-8", "replace").split()
    except MissingError:
        return []

"""Notice that a supplier's endpoint is gone, by asking it for its models; one failure alone is no outage."""

from __future__ import annotations

from tetrapylon.app.project import Project
from tetrapylon.app.sighting import Sighting, Watched, alarm, model_of
from tetrapylon.outside.endpoint import alive

IN_A_ROW = 2
"""Failures before it counts as gone."""


def look(project: Project, watched: Watched) -> Sighting | None:
    """Return why the endpoint counts as gone."""
    endpoint = model_of(project, watched.asset).get("endpoint")
    why = alive(str(endpoint)) if endpoint else "there is no endpoint"
    watched.memory["failed"] = watched.memory.get("failed", 0) + 1 if why else 0
    if why is None or watched.memory["failed"] < IN_A_ROW:
        return None
    return alarm("health", watched, why.encode(), why)

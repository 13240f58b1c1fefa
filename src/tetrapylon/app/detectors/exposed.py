"""Notice that a key or password lies in the repository, by the same look that `tetrapylon check` takes."""

from __future__ import annotations

from tetrapylon.app.project import Project
from tetrapylon.app.sighting import Sighting, Watched, alarm
from tetrapylon.deploy.access.hazards.secrets import look as look_for
from tetrapylon.outside.repository.read import read_repository


def look(project: Project, watched: Watched) -> Sighting | None:
    """Return the first secret that stands in the tree; what it is stays out of the evidence."""
    found = next(iter(look_for(read_repository(project.root))), None)
    if found is None:
        return None
    where = str(found.at)
    return alarm("exposed", watched, where.encode(), f"a secret stands in {where}")

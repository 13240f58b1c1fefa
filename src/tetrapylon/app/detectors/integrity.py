"""Notice that a model file, dataset or prompt is not what was signed or recorded, by hashing it again."""

from __future__ import annotations

from tetrapylon.app.project import Project
from tetrapylon.app.sighting import Sighting, Watched
from tetrapylon.app.view import project_view
from tetrapylon.deploy.integrity.work import rehash


def look(project: Project, watched: Watched) -> Sighting | None:
    """Return what is wrong with the asset, with the evidence that the measurement of integrity leaves of it."""
    found = [each for each in rehash(project_view(project)) if each.subjects[0].name == watched.asset]
    wrong = [each for each in found if each.payload["mismatched"] or each.payload["missing"]]
    return Sighting(tuple(wrong), str((wrong[0].payload.get("detail") or ["it changed"])[0])) if wrong else None

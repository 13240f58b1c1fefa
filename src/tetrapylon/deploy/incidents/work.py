"""Say of the system what its playbooks, drills and incidents come to: contacts, coverage, times, gaps, lessons.

Reads: the playbooks, `incidents.toml`, the persons of the manifest, the folder of pinned regressions, and the evidence of
threats, training, drills, incidents and regressions. Leaves: `incident-drill` and `incident-record` about the manifest, and
`incident-record` about the release: how the pinned regressions stand on it. Where no drill was held, and where a regression
was not run on this release, there is no answer.
Cannot see: whether the people who are called would come, and what no playbook thought of.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.deploy.incidents.decisions import FILE, Decisions
from tetrapylon.deploy.incidents.lessons import record
from tetrapylon.deploy.incidents.pinned import regressions
from tetrapylon.deploy.incidents.playbook import playbooks
from tetrapylon.deploy.incidents.summary import summary
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import parse_digest, sha256
from tetrapylon.outside.beside import decisions_beside
from tetrapylon.outside.view import View

PRACTICES = ("SP3.1", "SP3.2", "SP3.4", "SP3.5", "SP3.7", "SO4.9")


def observe(view: View) -> Iterator[Observation]:
    """Yield two observations about the manifest, and one about the release."""
    started = view.now()
    decided = decisions_beside(view.root, FILE, Decisions, view.facts)
    payloads = {"incident-drill": summary(view, playbooks(), decided), "incident-record": record(view)}
    for asset in (each for each in view.assets if each.kind == "manifest"):
        for predicate, payload in payloads.items():
            said = {**payload, "tool": view.tool}
            yield Observation(predicate, (Subject(asset.id, asset.digest),), said, started, view.now(), "responder")
    yield of_release(view, started)


def of_release(view: View, started: str) -> Observation:
    """Return how the pinned regressions stand on this release."""
    about = (Subject("release", parse_digest(view.release_digest)),)
    return Observation("incident-record", about, {**regressions(view), "tool": view.tool}, started, view.now(), "responder")


def inputs(view: View) -> Json:
    """Return what the observations follow from."""
    decided = decisions_beside(view.root, FILE, Decisions, view.facts)
    return sha256(canonical_json([summary(view, playbooks(), decided), record(view), regressions(view)]))

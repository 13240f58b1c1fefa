"""The threat model for the report: from the manifest, what people decided, and the states of the practices that answer threats."""

from __future__ import annotations

from dataclasses import replace

from tetrapylon.app.decide import Decided
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project
from tetrapylon.design.threats.decisions import FILE, Decisions, decode_decisions
from tetrapylon.design.threats.model import ThreatModel, threat_model
from tetrapylon.kernel.errors import MissingError, TetrapylonError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes
from tetrapylon.posture.fold import assess_practices


def threats_of(project: Project, decided: Decided) -> tuple[ThreatModel | None, tuple[str, ...]]:
    """Return the threat model now; where it cannot be made, nothing and the reason."""
    try:
        decisions = _decisions(project)
        return threat_model(project.facts, states_of(project, decided), decisions, str(decided.decision["timestamp"])[:10]), ()
    except TetrapylonError as error:
        return None, (f"threats and data flows: {error.message}",)


def _decisions(project: Project) -> Decisions | None:
    try:
        return decode_decisions(read_bytes(project.root / FILE, BOUNDS.manifest), project.facts)
    except MissingError:
        return None


def states_of(project: Project, decided: Decided) -> dict[str, str]:
    """Return the state of every practice that can be assessed, not only of those in the profile."""
    if decided.basis is None:
        return {}
    everything = replace(decided.basis, policy=policy(project, "full"))
    found = assess_practices(everything.question(str(decided.decision["timestamp"])), decided.records)
    return {each.id: str(each.state) for each in found}

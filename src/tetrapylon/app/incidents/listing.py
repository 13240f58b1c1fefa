"""What there is: playbooks with their last drills, what a playbook would do here, and what is not over."""

from __future__ import annotations

from typing import Any

from tetrapylon.app.incidents.state import as_json, states
from tetrapylon.app.incidents.steps import Desk, dry_run
from tetrapylon.app.incidents.targets import target_of
from tetrapylon.app.project import open_project
from tetrapylon.app.view import project_view
from tetrapylon.deploy.incidents.lessons import incidents
from tetrapylon.deploy.incidents.playbook import playbook_named, playbooks, uncovered
from tetrapylon.deploy.incidents.summary import newest


def listing(directory: str | None) -> dict[str, Any]:
    """Return every playbook, and the high threats that none answers; None where no threat model is recorded."""
    view = project_view(open_project(directory))
    plans = playbooks()
    models = view.evidence("threat-model")
    kept = models[-1].payload.get("kept") if models else None
    rows = []
    for name, each in plans.items():
        last = newest(view, each)
        drilled = f"drilled {last.observed_to[:16]}" if last else "not drilled lately"
        rows.append(
            {"id": name, "title": each.playbook.title, "severity": each.playbook.severity, "digest": each.digest, "drilled": drilled}
        )
    missing = uncovered(kept, plans) if isinstance(kept, dict) else None
    return {"schema": "tetrapylon/playbooks/1", "playbooks": rows, "missing": missing, "exit": 0}


def planned(directory: str | None, passphrase_file: str | None, name: str, asset: str | None) -> dict[str, Any]:
    """Return what every step would do."""
    project = open_project(directory)
    playbook = playbook_named(name).playbook
    found, variables = target_of(project, playbook, asset)
    steps = dry_run(Desk(project, passphrase_file), playbook, {**variables, "incident": "dry-run"})
    rows = [
        {
            "act": each.step.act,
            "phase": each.step.phase,
            "role": each.step.role,
            "undo": each.step.undo,
            "would": list(each.sentences),
            "problem": each.problem,
        }
        for each in steps
    ]
    ends = 1 if any(each.problem for each in steps) else 0
    return {"schema": "tetrapylon/playbook-plan/1", "playbook": name, "asset": found, "steps": rows, "tell": playbook.tell, "exit": ends}


def status(directory: str | None) -> dict[str, Any]:
    """Return the drills and incidents that are not over."""
    project = open_project(directory)
    known = incidents(project_view(project).evidence("incident-record"))
    opened = [
        {"id": each.id, "playbook": each.playbook, "what": each.what, "opened": each.opened} for each in known.values() if not each.closed
    ]
    drills = [as_json(each) for each in states(project) if each.active]
    return {"schema": "tetrapylon/incidents/1", "drills": drills, "incidents": opened, "exit": 0}

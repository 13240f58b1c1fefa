"""What the plan of an end would do here, and what it does not say yet."""

from __future__ import annotations

from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.app.retiring.steps import steps_of
from tetrapylon.app.view import project_view
from tetrapylon.develop.debt.retirement import FILE, problems_of, read_plan
from tetrapylon.outside.clock import SystemClock


def planned(project: Project) -> dict[str, Any]:
    """Return the problems and the steps."""
    plan = read_plan(project.root, project.facts)
    if plan is None:
        problems, steps = [f"there is no `{FILE}`: begin with `tetrapylon develop decommission plan --draft`"], []
    else:
        problems = problems_of(plan, project.facts, SystemClock().now())
        steps = [] if problems else steps_of(project, plan, project_view(project).assets)
    rows = [{"part": each.part, "act": each.act, "arguments": each.arguments} for each in steps]
    return {"schema": "tetrapylon/decommission-plan/1", "problems": problems, "steps": rows, "exit": 1 if problems else 0}

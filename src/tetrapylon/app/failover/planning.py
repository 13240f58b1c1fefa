"""Which alternates a project declares, which may take over, and which exceptions were signed for weaker ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.develop.supply.failover.plan import SHARED, Pair, pairs, uncovered
from tetrapylon.kernel.errors import Exit, MissingError, RefusedError
from tetrapylon.outside.clock import SystemClock

PRACTICE = "SV1.8"
"""Waivers of this practice about an alternate are exceptions for it."""


def planned(project: Project) -> tuple[Pair, ...]:
    """Return every pair; the log is read only where an alternate is weaker, because only then an exception matters."""
    found = pairs(project.facts)
    return found if all(each.equivalent for each in found) else pairs(project.facts, exceptions(project))


def refuse_weaker(project: Project, model: str) -> None:
    """Refuse to let an alternate take over that is held to less than its model, unless an exception was signed that still holds.

    Raises:
        RefusedError: it is weaker (`weaker-alternate`).
    """
    now = SystemClock().now()
    for pair in planned(project):
        if pair.model == model and not pair.usable(now):
            hint = f"a person who may take risks can allow it: `tetrapylon waive {PRACTICE} --asset {pair.alternate} …`"
            raise RefusedError(pair.why_not(), hint=hint, code="weaker-alternate")


def exceptions(project: Project) -> Mapping[str, str]:
    """Return until when signed exceptions let models take over although they are weaker, by the models' ids."""
    from tetrapylon.app.view import project_view

    view = project_view(project)
    try:
        waivers = view.evidence("waiver")
    except MissingError:
        # Where nobody can sign nothing was signed.
        return {}
    models = {str(each.digest): each.id for each in view.assets if each.kind in {"model-file", "model-hosted"}}
    found: dict[str, str] = {}
    for each in (each for each in waivers if each.payload.get("practice") == PRACTICE):
        found.update({models[digest]: str(each.payload["expires"]) for digest in each.subjects.values() if digest in models})
    return found


def plan_object(project: Project) -> dict[str, Any]:
    """Return the plan as `tetrapylon/failover-plan/1`."""
    now = SystemClock().now()
    found = planned(project)
    rows = [
        {
            "model": each.model,
            "alternate": each.alternate,
            "kind": each.kind,
            "equivalent": each.equivalent,
            "usable": each.usable(now),
            "excepted": each.excepted,
            "differences": [
                {"what": one.what, "model": one.model, "alternate": one.alternate, "weaker": one.weaker} for one in each.differences
            ],
        }
        for each in found
    ]
    without = uncovered(project.facts, {each.model for each in found if each.usable(now)})
    code = Exit.REFUSED if without or not all(each["usable"] for each in rows) else Exit.GOOD
    return {"schema": "tetrapylon/failover-plan/1", "pairs": rows, "uncovered": without, "shared": list(SHARED), "exit": int(code)}


def plan_lines(found: Mapping[str, Any]) -> list[str]:
    """Return the plan for a reader."""
    lines: list[str] = []
    for each in found["pairs"]:
        may = "takes over" if each["usable"] else "is weaker and may not take over"
        until = f", by an exception until {each['excepted'][:10]}" if each["usable"] and not each["equivalent"] else ""
        lines.append(f"{each['model']}: `{each['alternate']}` {may}{until}")
        lines += [
            f"  {one['what']}: {one['model']} becomes {one['alternate']}{' (weaker)' if one['weaker'] else ''}"
            for one in each["differences"]
        ]
    lines += [f"{each}: nothing may take over from it" for each in found["uncovered"]]
    if found["pairs"]:
        lines.append(f"the same for both, because they belong to what is asked for: {', '.join(found['shared'])}")
    return lines or ["no model is behind an address, and none has an alternate"]

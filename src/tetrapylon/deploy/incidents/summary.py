"""What all playbooks together say of the system: contacts, coverage, and how the last drill of each one went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from tetrapylon.deploy.incidents.contacts import invalid
from tetrapylon.deploy.incidents.decisions import Decisions, Gap
from tetrapylon.deploy.incidents.playbook import Plan, uncovered
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.clock import format_time, parse_time
from tetrapylon.outside.view import Known, View

ALL = "all"
"""The scenario of a statement about every playbook together."""

ALWAYS = ("responder", "owner", "leader")
"""Roles that any incident needs: who answers, who decides, who speaks for the organisation."""


def summary(view: View, plans: Mapping[str, Plan], decided: Decisions) -> dict[str, Json]:
    """Return the payload about the system; what no drill answered yet has no answer."""
    drills = {name: newest(view, each) for name, each in plans.items()}
    wrong = invalid(view.facts, {*ALWAYS, *(role for each in plans.values() for role in each.playbook.roles())}, decided.authority)
    missing = _uncovered(view, plans)
    gaps = _gaps(drills, decided.gap)
    payload: dict[str, Json] = {
        "scenario": ALL,
        "contactsInvalid": len(wrong),
        "detail": [*(f"contactsInvalid: {each}" for each in wrong), *(f"gapsOpen: {each}" for each in gaps)],
    }
    if missing is not None:
        payload["playbooksMissing"] = len(missing)
        payload["detail"] += [f"playbooksMissing: no playbook answers `{each}`" for each in missing]
    return payload | _drilled(drills, gaps, payload) | _responders(view, drills, payload)


def newest(view: View, plan: Plan) -> Known | None:
    """Return the last drill of this very playbook, unless it is too old to count."""
    days = float(view.values.get("incident-days", 180))
    oldest = format_time(parse_time(view.now()) - timedelta(days=days))
    found = [each for each in view.evidence("incident-drill") if plan.digest in each.subjects.values() and each.observed_to >= oldest]
    return found[-1] if found else None


def _uncovered(view: View, plans: Mapping[str, Plan]) -> list[str] | None:
    models = view.evidence("threat-model")
    kept = models[-1].payload.get("kept") if models else None
    return uncovered(kept, plans) if isinstance(kept, dict) else None


def _drilled(drills: Mapping[str, Known | None], gaps: list[str], payload: dict[str, Json]) -> dict[str, Json]:
    held = [each.payload for each in drills.values() if each is not None]
    lacking = sorted(name for name, each in drills.items() if each is None)
    found: dict[str, Json] = {"gapsOpen": len(gaps)}
    for key in ("detected", "contained", "recovered", "sealedFirst"):
        answers = [each.get(key) for each in held]
        # One that failed decides; all that succeeded decide only when none is lacking.
        if False in answers:
            found[key] = False
        elif not lacking and all(each is True for each in answers):
            found[key] = True
    if not lacking:
        found["stepsFailed"] = sum(int(each.get("stepsFailed", 0)) for each in held)
    for key in ("secondsToDetect", "secondsToContain", "secondsToRecover"):
        times = [float(each[key]) for each in held if isinstance(each.get(key), int | float)]
        if times:
            found[key] = max(times)
    for each in lacking:
        payload["detail"] += [f"{key}: `{each}` was not drilled lately" for key in ("detected", "contained", "recovered", "stepsFailed")]
    return found


def _gaps(drills: Mapping[str, Known | None], decided: Iterable[Gap]) -> list[str]:
    """Return what the last drills found wanting, and what people know to be missing and no later drill disproved."""
    found = [
        f"{name}: {said}"
        for name, each in drills.items()
        if each is not None and each.payload.get("gapsOpen")
        for said in (each.payload.get("detail") or ["a gap"])
    ]
    for gap in decided:
        drill = drills.get(gap.playbook)
        again = drill is not None and gap.fixed is not None and drill.observed_to[:10] >= gap.fixed and not drill.payload.get("gapsOpen")
        if not again:
            found.append(f"{gap.id}: {gap.what} (owner {gap.owner}, due {gap.due})")
    return found


def _responders(view: View, drills: Mapping[str, Known | None], payload: dict[str, Json]) -> dict[str, Json]:
    """Return how many responders were not trained or took part in no drill; unknown where no training is recorded at all."""
    trained = [each.payload for each in view.evidence("training") if each.payload.get("role") == "responder"]
    if not trained:
        payload["detail"].append("respondersUntrained: no result of a training for responders is recorded")
        return {}
    last = trained[-1]
    passed = str(last["expires"]) > view.now() and last["score"] >= last["threshold"] and last["practicalCorrect"]
    people = [each["id"] for each in view.facts.get("person", ()) if "responder" in each.get("roles", ())]
    took_part = {name for each in drills.values() if each is not None for name in each.payload.get("participants", ())}
    absent = [each for each in people if each not in took_part]
    payload["detail"] += [f"respondersUntrained: `{each}` took part in no drill" for each in absent]
    missing = int(last["personsMissing"]) if passed else len(people)
    return {"respondersUntrained": min(len(people), missing + len(absent))}

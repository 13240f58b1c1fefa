"""Say of the system whether its end is planned: who decides, who is told, and what becomes of each part.

Reads: `decommission.toml` and the manifest. Leaves: `decommission` about the manifest. While the system runs there is no answer
about what its disposal left: a rehearsal on a copy says nothing of the original. Cannot see: copies that others hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.retirement import FILE, problems_of, read_plan
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.beside import digest_beside
from tetrapylon.outside.view import View

PRACTICES = ("SV4.5", "SV4.8")


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the manifest."""
    started = view.now()
    payload = {**answer(view), "tool": view.tool}
    for asset in (each for each in view.assets if each.kind == "manifest"):
        yield Observation("decommission", (Subject(asset.id, asset.digest),), payload, started, view.now(), "responder")


def inputs(view: View) -> Json:
    """Return what the observation follows from beside the release."""
    return {"plan": digest_beside(view.root, FILE), "rehearsed": rehearsal(view), "executed": executed(view)}


def answer(view: View) -> dict[str, Json]:
    """Return the payload: what the plan says now, and what was rehearsed or carried out before."""
    try:
        plan = read_plan(view.root, view.facts)
    except UsageError as error:
        return {"planPresent": False, "detail": [error.message]}
    if plan is None:
        return {"planPresent": False, "detail": [f"there is no `{FILE}`: run `tetrapylon develop decommission plan --draft`"]}
    wrong = problems_of(plan, view.facts, view.now())
    found: dict[str, Json] = {"planPresent": not wrong, "plan": digest_beside(view.root, FILE), "detail": wrong}
    done = executed(view)
    if done is not None:
        # It was carried out on this very system: what was found then stands until it is probed again.
        return found | done
    found["detail"] = [*wrong, "complete: the system runs, so its disposal was not carried out"]
    return found | ({"rehearsed": True, "tombstonesChecked": True} if rehearsal(view) == found["plan"] else {})


def rehearsal(view: View) -> str | None:
    """Return the digest of the plan that was last rehearsed without a failure."""
    known = [each.payload for each in view.evidence("decommission") if each.payload.get("rehearsed") and each.payload.get("results")]
    good = bool(known) and all(each.get("gone") for each in known[-1]["results"])
    return str(known[-1].get("plan")) if good else None


def executed(view: View) -> dict[str, Json] | None:
    """Return what the execution on this system found, if there was one."""
    known = [each.payload for each in view.evidence("decommission") if each.payload.get("complete") is not None]
    kept = ("complete", "remaining", "tombstonesChecked")
    return {name: known[-1][name] for name in kept if name in known[-1]} if known else None

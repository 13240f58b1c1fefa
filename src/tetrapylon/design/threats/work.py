"""Model the threats of the system as declared now, and leave how complete, decided, proven and current the model is.

Reads: the manifest, `threats.toml`, the digests of models, data, prompts and tools, model files on disk that nothing
declares, the states of the practices that answer threats, and earlier statements (threat models, incidents, inventory).
Leaves: `threat-model`, about the manifest. Where `threats.toml` cannot be read, whatever depends on decisions has no answer.
Cannot see: parts and flows that nobody declared and no file shows, whether a person's reason is a good one, threats that
no rule knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.design.threats.compare import recorded_as
from tetrapylon.design.threats.coverage import sensitivity_scored
from tetrapylon.design.threats.decisions import FILE
from tetrapylon.design.threats.look import Looked, look, look_with, read_decisions
from tetrapylon.design.threats.output import counts
from tetrapylon.design.threats.rule import rules
from tetrapylon.design.threats.summary import summary_digest
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.view import View

PRACTICES = ("SD2.1", "SD2.4", "SD2.5", "SD2.6", "SD2.8", "SD2.9")

_ON_DECISIONS = ("undecided", "acceptedWithoutExpiry", "acceptedWithoutAdviser", "claimedOnly", "openTriggers")
"""What cannot be answered where nobody can read what was decided."""

_SHOWN = 20


def inputs(view: View) -> Json:
    """Return what the observation follows from beside assets, manifest and settings."""
    text = read_decisions(view)
    answering = {each for rule in rules() for each in rule.practices}
    statements = [each.record for name in ("incident-record", "inventory-reconcile") for each in view.evidence(name)]
    found = _looked(view)[0]
    return {
        "decisions": None if text is None else sha256(text),
        "states": {each: state for each, state in sorted(view.states().items()) if each in answering},
        "statements": statements,
        # Time and files are in what follows from them: what expired, what is due, what nothing declares.
        "due": [list(found.triggers), list(found.uncovered), [each.id for each in found.model.undecided]],
    }


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the manifest."""
    started = view.now()
    found, fault = _looked(view)
    payload = {**_payload(found), "tool": view.tool}
    if fault:
        payload = {key: value for key, value in payload.items() if key not in _ON_DECISIONS}
        payload["detail"] = [fault, *payload["detail"]]
    for asset in view.assets:
        if asset.kind == "manifest":
            yield Observation("threat-model", (Subject(asset.id, asset.digest),), payload, started, view.now(), "scanner")


def _looked(view: View) -> tuple[Looked, str]:
    """Return the model, and why the decisions could not be taken into account where they could not."""
    try:
        return look(view), ""
    except UsageError as error:
        return look_with(view, None, None), f"`{FILE}` could not be read: {error.message.splitlines()[0]}"


def _payload(found: Looked) -> dict[str, Json]:
    model, numbers = found.model, counts(found.model)
    scored = sensitivity_scored(model)
    return {
        **{key: numbers[key] for key in ("threats", "undecided", "acceptedWithoutExpiry", "acceptedWithoutAdviser", "claimedOnly")},
        **{key: numbers[key] for key in ("closed", "closedWithoutReason", "weightTheftScenarios", "automatedAttackScenarios")},
        "uncovered": list(found.uncovered),
        "openTriggers": len(found.triggers),
        **({} if scored is None else {"sensitivityScored": scored}),
        "causes": sorted({each.rule.cause for each in model.threats}),
        "summaryDigest": summary_digest(model),
        "basis": found.basis.as_json(),
        "kept": found.kept,
        **({} if found.decisions is None else {"decisions": found.decisions}),
        "detail": _detail(found, scored),
    }


def _detail(found: Looked, scored: bool | None) -> list[str]:  # noqa: FBT001 - as it was measured
    """Return sentences; the first, which is shown, has the first of each kind, since several practices read it."""
    model = found.model
    claimed = sum(bool(each.decided.claimed) for each in model.threats)
    kinds = [
        [f"not in the model: {each}" for each in found.uncovered],
        list(found.triggers),
        [f"undecided: {recorded_as(each)}" for each in model.undecided],
        ["no data set and no store is declared, so no class of data can move a score"] if scored is None else [],
        [f"{claimed} of {len(model.threats)} threats are answered by practices that no live evidence shows"] if claimed else [],
    ]
    firsts = [each[0] for each in kinds if each]
    return ["; ".join(firsts), *(said for each in kinds for said in each[:_SHOWN])] if firsts else []

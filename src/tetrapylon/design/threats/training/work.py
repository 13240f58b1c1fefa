"""Count who was trained for their role, on the modules as they are now and the threats that the system has now.

Reads: training modules (ours and the project's), signed results in `.tetrapylon/training`, the persons of the manifest, the kinds of
threats of the threat model, incidents, the root of trust.
Leaves: `training`, one statement about the manifest for each module that is for somebody; it counts persons and names none. Where no
result was ever recorded nothing is left, and the practices are UNKNOWN.
Cannot see: who sat at the keyboard, what a company's training system did not record, whether people act as they answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.design.threats.model import threat_model
from tetrapylon.design.threats.training.module import Module, modules, shipped
from tetrapylon.design.threats.training.news import news_classes, stub
from tetrapylon.design.threats.training.practical import classes
from tetrapylon.design.threats.training.result import Result, folder_of, read_results
from tetrapylon.design.threats.training.standing import Rules, Standing, required, rules_of, standing
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.view import View

PRACTICES = ("SD1.3", "SD1.5", "SP3.7")


@dataclass(frozen=True)
class Trained:
    """Everything there is to know about training now."""

    modules: Mapping[str, Module]
    classes: Mapping[str, tuple[str, ...]]
    """For each module the kinds of threats that it teaches and the system has."""

    standings: tuple[Standing, ...]
    results: tuple[Result, ...]
    refused: Mapping[str, str]
    """Why a file of a result does not count, by its name."""

    rules: Rules


def trained(view: View) -> Trained:
    """Return where everybody stands.

    Raises:
        UsageError: a module of the project is not valid.
    """
    known = {**modules(view.root), stub().id: stub()}
    model = threat_model(view.facts)
    taught = {name: news_classes(model, view) if each.generated else classes(model, each) for name, each in known.items()}
    results, refused = read_results(view.root / ".tetrapylon", view.facts)
    rules, now = rules_of(view.values), view.now()
    found = [standing(person, each, taught[each.id], results, rules, now) for person, each in required(view.facts, known.values())]
    return Trained(known, taught, tuple(found), tuple(results), refused, rules)


def inputs(view: View) -> Json:
    """Return what the answers follow from beside the manifest: where everybody stands."""
    if not _begun(view):
        return {"begun": False}
    try:
        found = trained(view)
    except TetrapylonError as error:
        return {"fault": error.message}
    rows = [[each.person, each.module.id, each.state, each.why, each.result.digest if each.result else None] for each in found.standings]
    return {"standings": rows, "refused": dict(found.refused), "modules": {name: each.course for name, each in found.modules.items()}}


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation for each module."""
    if not _begun(view):
        return
    about = tuple(Subject(each.id, each.digest) for each in view.assets if each.kind == "manifest")
    for payload in _payloads(view):
        now = view.now()
        yield Observation("training", about, {**payload, "tool": view.tool}, now, now, "reviewer")


def _begun(view: View) -> bool:
    folder: Path = folder_of(view.root / ".tetrapylon")
    return folder.is_dir() and any(folder.glob("*.json"))


def _payloads(view: View) -> list[dict[str, Json]]:
    try:
        found = trained(view)
    except TetrapylonError as error:
        # Nobody can say what was to be learnt, so nobody has learnt it.
        blank = Trained(shipped(), {}, (), (), {}, rules_of(view.values))
        fault = f"personsMissing: {error.message.splitlines()[0]}"
        return [{**_payload(blank, each, view.now()), "detail": [fault]} for each in (*blank.modules.values(), stub())]
    return [_payload(found, each, view.now()) for each in found.modules.values()]


def _payload(found: Trained, module: Module, now: str) -> dict[str, Json]:
    own = [each for each in found.standings if each.module.id == module.id]
    counted = [each for each in own if each.state in {"holds", "stale"} and each.result is not None]
    results = [each.result for each in counted if each.result is not None]
    # A role that nobody holds is trained by nobody.
    missing = len(own) - len(counted) if own else 1
    return {
        "module": module.id,
        "moduleDigest": _digest(module, results),
        "role": ", ".join(module.roles),
        "score": min((each.score for each in results), default=0.0),
        "threshold": found.rules.threshold,
        "practicalCorrect": bool(results) and all(each.practical == "correct" for each in results),
        "expires": min((each.until for each in counted), default=now),
        "personsMissing": missing,
        "persons": len(own),
        "imported": sum(each.how == "imported" for each in results),
        "results": sorted(each.digest for each in results),
        "detail": list(_detail(module, own, found)),
    }


def _digest(module: Module, results: list[Result]) -> str:
    """Return the digest of the module; of one that is made anew each time, of what was last taken note of."""
    if module.generated and results:
        return max(results, key=lambda each: each.completed).module_digest
    return module.digest


def _detail(module: Module, own: list[Standing], found: Trained) -> Iterator[str]:
    """Yield sentences that name nobody."""
    if not own:
        yield f"personsMissing: nobody has the role {' or '.join(module.roles)}"
    for state, said in (("missing", "has not been taken by"), ("failed", "was not passed by")):
        count = sum(each.state == state for each in own)
        if count:
            yield f"personsMissing: `{module.id}` {said} {count} of {len(own)}; see `tetrapylon design training status`"
    for why in sorted({each.why for each in own if each.state == "stale"}):
        yield f"expires: a result for `{module.id}` no longer holds: {why}"
    if found.refused:
        yield f"{len(found.refused)} results do not count: {min(found.refused.values())}"

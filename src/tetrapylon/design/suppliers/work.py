"""Examine every lock, hosted model, supplied model file and supplier, before it is used and again when that grows old.

Reads: the manifest, `suppliers.toml`, locks, metadata of installed packages, model files, suppliers' keys, signed answers and
passports, the journal, and the evidence of others (`integrity-check`, `vulns`). Leaves: `due-diligence` about each of them.
Asks nobody: what an address answered is taken from the last `tetrapylon design suppliers check`.
Cannot see: whether an answer is true, what a supplier does behind its address, libraries that are not locked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tetrapylon.design.suppliers.check import Case, Reached, Verdict
from tetrapylon.design.suppliers.declared import FILE
from tetrapylon.design.suppliers.files import FOLDER, answered_at
from tetrapylon.design.suppliers.gather import PREDICATE, World
from tetrapylon.design.suppliers.questions import questions
from tetrapylon.design.suppliers.used import used_before
from tetrapylon.design.suppliers.weigh import Weighed, weigh
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import MissingError, TetrapylonError
from tetrapylon.outside.beside import digest_beside
from tetrapylon.outside.clock import format_time, parse_time
from tetrapylon.outside.files import hash_file
from tetrapylon.outside.tree import walk
from tetrapylon.outside.view import View
from tetrapylon.system.assets import Asset

PRACTICES = ("SD3.4", "SD3.5", "SV1.2")

GATE = "unexamined-suppliers"
"""The setting that says whether the gateway refuses what was not examined."""


def inputs(view: View) -> Json:
    """Return what the answers follow from beside the release: files, what is installed, and what all checks say of them now.

    What they say holds what only time changes, too: answers, terms and looks that have expired.
    """
    found = {f"{asset.kind}:{asset.id}": _said(weighed) for asset, weighed in examined(view)}
    return {"files": _files(view), "said": sha256(canonical_json(found)), "gate": str(view.settings[GATE])}


def _said(weighed: Weighed) -> Json:
    rows = [[each.name, each.verdict.value, each.by, each.contradicted] for each in weighed.rows]
    asked = None if weighed.case.asked is None else weighed.case.asked.at
    # What is seen for the first time is remembered by the first look, which must not make the second differ from it.
    return [rows, dict(weighed.case.seen), dict(weighed.case.before or weighed.case.seen), asked]


def _files(view: View) -> Json:
    try:
        folder = view.root / FOLDER
        kept = {name: str(hash_file(folder / name)) for name in walk(folder)} if folder.is_dir() else {}
    except MissingError:
        kept = {}
    except TetrapylonError as error:
        kept = {"unreadable": error.message}
    return {"declared": digest_beside(view.root, FILE), "kept": kept}


def examined(view: View, asked: Mapping[str, Reached] | None = None) -> Iterator[tuple[Asset, Weighed]]:
    """Yield each subject with everything that is said about it; `asked` is what addresses answered just now."""
    world = World(view, view.now(), asked or {})
    for asset, case in world.cases():
        yield asset, weigh(case, questions())


def observe(view: View, asked: Mapping[str, Reached] | None = None) -> Iterator[Observation]:
    """Yield one observation about each subject."""
    started = view.now()
    for asset, weighed in examined(view, asked):
        payload = payload_of(view, weighed)
        yield Observation(PREDICATE, (Subject(asset.id, asset.digest),), payload, started, view.now(), "scanner")


def payload_of(view: View, weighed: Weighed) -> dict[str, Json]:
    """Return what is stated about one subject; what is not known is left out."""
    case = weighed.case
    counted = case.sheet is not None and case.sheet.counts
    said: dict[str, Any] = {
        "supplier": case.supplier or case.id,
        "kind": case.kind,
        "score": weighed.score,
        "limit": case.limits["supplier-score"],
        "checks": len(weighed.rows),
        "failed": failed_of(weighed),
        "unknown": weighed.open,
        "answered": weighed.answered,
        "answersOnly": len(weighed.answered),
        "contradicted": weighed.contradicted,
        "beforeFirstUse": before_first_use(view, case),
        "expires": _expires(case, counted=counted),
        "safeLoading": _flag(weighed, "safe-loading"),
        "unmaintained": _count(weighed, "maintained"),
        "seen": dict(case.seen) or None,
        "asked": None if case.asked is None else _asked(case.asked),
        "questionnaire": answered_at(view.root, case.supplier) if counted else None,
        "tool": view.tool,
        "detail": list(sentences(weighed)),
    }
    return {name: value for name, value in said.items() if value is not None}


def failed_of(weighed: Weighed) -> list[str] | None:
    """Return the names of what is bad; None where a supplier has no bad signal and one that could not be looked at."""
    if weighed.case.kind == "supplier" and not weighed.failed and weighed.open:
        return None
    return weighed.failed


def sentences(weighed: Weighed) -> Iterator[str]:
    """Yield what is bad, what disagrees, and what is unknown, worst first, under the names of the answers they stand for."""
    about = {"safe-loading": "safeLoading: ", "maintained": "unmaintained: "} if weighed.case.kind == "lock" else {}
    if weighed.case.kind == "supplier":
        yield "failed: " + "; ".join(each.why for each in weighed.rows if each.verdict is (Verdict.BAD if weighed.failed else Verdict.OPEN))
    for verdict in (Verdict.BAD, Verdict.OPEN):
        yield from (f"{about.get(each.name, '')}{each.why}" for each in weighed.rows if each.verdict is verdict)
    yield from weighed.contradicted


def before_first_use(view: View, case: Case) -> bool | None:
    """Return whether a hosted model was examined before it was first used; None for what is not used through a door."""
    if case.kind != "model-hosted":
        return None
    looks = [each.recorded_at for each in view.evidence(PREDICATE) if each.payload.get("kind") == case.kind and case.id in each.subjects]
    gated = view.settings[GATE] == "refuse"
    used = used_before(view.root, case.id, min([*looks, case.now]), gated=gated)
    return None if used is None else not used


def _expires(case: Case, *, counted: bool) -> str:
    ends = [format_time(parse_time(case.now) + timedelta(days=case.limits["supplier-days"]))]
    if counted and case.sheet is not None and case.sheet.expires is not None:
        ends.append(case.sheet.expires)
    if case.known.get("end-of-life"):
        ends.append(f"{case.known['end-of-life']}T00:00:00Z")
    return min(ends)


def _flag(weighed: Weighed, name: str) -> bool | None:
    row = weighed.row(name)
    return None if row is None or row.verdict is Verdict.OPEN else row.verdict is Verdict.GOOD


def _count(weighed: Weighed, name: str) -> int | None:
    row = weighed.row(name)
    return None if row is None or row.verdict is Verdict.OPEN else row.count


def _asked(asked: Reached) -> dict[str, Json]:
    return {"url": asked.url, "at": asked.at, "status": asked.status, "contact": asked.contact, "expires": asked.expires, "why": asked.why}

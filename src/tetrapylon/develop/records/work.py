"""Cards of models, data and prompts, and the bill of materials: are they there, complete, labelled, and about what is deployed?

Reads: the manifest, the files (formats, sizes, counts), `records/`, lock files, and the evidence that cards and bill cite. Leaves:
`record` for each card, and the bill itself as `cyclonedx`, bound to the release, when the file holds (valid, not drifted).
Cannot see: whether what people declare is true, what a hosted model was trained on, licences of libraries.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tetrapylon.develop.records.bom import NAME
from tetrapylon.develop.records.build import Built, Document, build, folder_of
from tetrapylon.develop.records.context import read_context
from tetrapylon.develop.records.declared import FOLDER
from tetrapylon.develop.records.field import Record
from tetrapylon.develop.records.markdown import text
from tetrapylon.develop.records.valid import schema_problems
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.tree import hash_path
from tetrapylon.outside.view import View

PRACTICES = ("SD4.2", "SD4.5", "SD4.7", "SV3.1", "SV3.2", "SV3.3", "SV3.4", "SV3.6", "SV3.9", "SV3.10", "SV3.11", "SV3.12")

READ = (
    "integrity-check",
    "slsa-provenance",
    "test-result",
    "scan",
    "waiver",
    "due-diligence",
    "input-defence-measurement",
    "secure-defaults",
    "threat-model",
    "inventory-reconcile",
    "access-probe",
    "vulns",
    "monitor-window",
    "restore-drill",
    "incident-drill",
    "failover-drill",
    "disclosure",
    "debt-snapshot",
)
"""Kinds of evidence that cards and bill cite."""

KINDS = {"model-file": "model-card", "model-hosted": "model-card", "dataset": "data-card", "prompt": "prompt-card"}
_SHOWN = 5


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation for each card, and the bill itself where it holds and was not signed before."""
    started = view.now()
    try:
        context = read_context(view)
        built = build(context, folder_of(view.root, None))
    except TetrapylonError as error:
        yield from (_broken(view, each.id, each.digest, KINDS[each.kind], started, error) for each in view.assets if each.kind in KINDS)
        return
    for record, document in zip(built.records, built.cards, strict=True):
        payload = {**card_payload(record, document, view.now()[:10]), "tool": view.tool}
        yield Observation("record", (Subject(record.id, Digest(record.digest)),), payload, started, view.now(), "build")
    bill = signable(built)
    if bill is not None and canonical_json(bill) != canonical_json(last_signed(view)):
        yield Observation("cyclonedx", (Subject("release", Digest(view.release_digest)),), bill, started, view.now(), "build")


def inputs(view: View) -> Json:
    """Return what the observations follow from beside assets, manifest and settings."""
    try:
        context = read_context(view)
        records = str(hash_path(view.root / FOLDER))
    except TetrapylonError as error:
        return {"error": error.message}
    today = view.now()[:10]
    passed = sorted(known.path for known in context.declared.values() if str(known.values.get("review-due", "9999")) < today)
    return {"records": records, "named": dict(context.present), "evidence": context.evidence.fingerprint(READ), "reviewsPassed": passed}


def _broken(view: View, known: str, digest: Digest, kind: str, started: str, error: TetrapylonError) -> Observation:
    payload = {**blank(kind), "missingFields": ["records"], "drifted": 1, "detail": [error.message.partition("\n")[0]], "tool": view.tool}
    return Observation("record", (Subject(known, digest),), payload, started, view.now(), "build")


def blank(kind: str) -> dict[str, Json]:
    """Return the payload of a record about which nothing good is known."""
    return {
        "kind": kind,
        "complete": False,
        "missingFields": [],
        "unlabelledFields": 0,
        "drifted": 0,
        "schemaValid": False,
        "elements": 0,
        "elementsAccounted": 0,
        "deterministic": False,
        "signed": False,
        "failureModes": 0,
        "unlistedFailures": 0,
        "sourcesUnknown": 1,
        "guardrailsWithoutEvidence": 1,
        "retention": "unknown",
        "reviewDue": "unknown",
        "chainComplete": False,
        "trainingSetFields": 0,
    }


def card_payload(record: Record, document: Document, today: str) -> dict[str, Json]:
    """Return what is true of a card; one that is not there lists, links and records nothing."""
    there = document.state != "missing"
    known = record.fields
    missing = [*record.missing, *_overdue(record, today), *(() if there else ("the card itself",))]
    absent = [key for key in record.failures if text(known[key].label).strip() not in document.listed]
    modes = known["failure-modes"].value if "failure-modes" in known and "Failure modes" in document.listed else None
    found = {
        **blank(record.kind),
        "complete": not missing,
        "missingFields": missing,
        "unlabelledFields": document.unlabelled,
        "drifted": len(document.differences),
        "schemaValid": document.state in {"current", "outdated"},
        "elements": len(known),
        "elementsAccounted": sum(each.said for each in known.values()),
        "deterministic": True,
        "failureModes": len(modes or ()) + len(record.failures) - len(absent),
        "unlistedFailures": len(absent),
        "sourcesUnknown": record.extra.get("sourcesUnknown", 0) if there else 1,
        "guardrailsWithoutEvidence": record.guardrails if there else 1,
        "retention": str(known["retention"].value or "unknown"),
        "reviewDue": f"{known['review-due'].value}T00:00:00Z" if known["review-due"].value else "unknown",
        "chainComplete": bool(record.extra.get("chainComplete")) and there,
        "trainingSetFields": record.extra.get("trainingSet", 0) if there else 0,
        "detail": _sentences(record, document, missing, absent),
    }
    for key, name in (("parameters", "parameters"), ("baseline", "baselineMeasured")):
        if record.extra.get(key) is not None:
            found[name] = record.extra[key]
    return found


def _overdue(record: Record, today: str) -> list[str]:
    due = record.fields["review-due"].value
    return [f"review-due (it passed on {due})"] if isinstance(due, str) and due < today else []


def _sentences(record: Record, document: Document, missing: Sequence[str], absent: Sequence[str]) -> list[str]:
    """Return why practices about this card would fail: first all reasons in one, as only the first sentence is shown."""
    gaps = [
        each for each in record.fields.values() if each.origin == "unknown" and each.key.startswith(("guardrail", "made-from", "tests"))
    ]
    gaps += [each for each in record.fields.values() if each.origin == "unknown" and each.key.endswith("-link") and not each.reasoned]
    found = [
        *([f"missing: {', '.join(missing)}"] if missing else []),
        *(f"not on the card: {record.fields[each].label}" for each in absent),
        *(f"{each.label}: {each.source.replace('`', '')}" for each in gaps[:_SHOWN]),
        *([f"`{FOLDER}/{document.name}` drifted: {_first(document.differences)}"] if document.differences else []),
    ]
    return found if len(found) < 2 else ["; ".join(found), *found]  # noqa: PLR2004 - one reason is its own summary


def _first(differences: Sequence[str]) -> str:
    """Return the first line of a diff that says something."""
    return next((each for each in differences if not each.startswith("@@")), differences[0])[:200]


def signable(built: Built) -> dict[str, Any] | None:
    """Return the bill on disk if it may be signed: it is there, valid by the official schema, and says what is true now."""
    found = parsed(built.bill.disk)
    return None if found is None or unsignable(built) else found


def parsed(data: bytes | None) -> dict[str, Any] | None:
    """Return the object that a bill on disk holds, or nothing where it holds none."""
    try:
        found = json.loads(data or b"null")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def last_signed(view: View) -> dict[str, Any] | None:
    """Return the bill of this release that the log holds last, without what evidence adds to a statement.

    It counts only if the signature was verified and its key may sign bills: `View.evidence` gives no other statements.
    """
    found = [each for each in view.evidence("cyclonedx") if view.release_digest in each.subjects.values()]
    if not found:
        return None
    return {key: value for key, value in found[-1].payload.items() if key not in {"observedFrom", "observedTo", "demo"}}


def unsignable(built: Built) -> str:
    """Return why the bill on disk may not be signed, or nothing."""
    name = f"`{FOLDER}/{NAME}`"
    if built.bill.disk is None:
        return f"there is no {name}; run `tetrapylon develop record`"
    if built.bill.state == "drifted":
        return f"{name} drifted: {built.bill.differences[0][:200]}"
    problems = schema_problems(parsed(built.bill.disk))
    return f"{name} is not valid CycloneDX 1.7: {problems[0]}" if problems else ""

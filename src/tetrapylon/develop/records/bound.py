"""Whether the bill of materials holds, and whether the log has it signed and bound to this release.

Comes after `work.py`, which puts the bill into the log: only a statement that was taken from there, with its signature
verified, shows that the bill is signed. Reads: `records/bom.cdx.json`, the cards, and `cyclonedx` statements. Leaves: `record`
of kind `bom` about the release. Cannot see: whether a component that nobody declared is missing from the bill.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tetrapylon.develop.records.build import Built, again, build, folder_of
from tetrapylon.develop.records.context import Context, read_context
from tetrapylon.develop.records.drift import unlabelled
from tetrapylon.develop.records.element import properties_of
from tetrapylon.develop.records.elements import accounted, completeness
from tetrapylon.develop.records.valid import schema_problems
from tetrapylon.develop.records.work import PRACTICES as _ALL
from tetrapylon.develop.records.work import blank, last_signed, parsed, unsignable
from tetrapylon.develop.records.work import inputs as card_inputs
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.view import View

PRACTICES = tuple(each for each in _ALL if each in {"SV3.10", "SV3.11", "SV3.12"})
ELEMENTS = 50
_CARRIED = {"model-file", "model-hosted", "dataset", "prompt", "tool", "code", "lock", "guard", "environment"}
"""Kinds of assets that a complete bill has a component for."""

_PREFIX = {"model-file": "model", "model-hosted": "model"}


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the bill of this release."""
    started = view.now()
    try:
        context = read_context(view)
        payload = bill_payload(context, build(context, folder_of(view.root, None)), last_signed(view))
    except TetrapylonError as error:
        payload = {**blank("bom"), "missingFields": ["records"], "drifted": 1, "detail": [error.message.partition("\n")[0]]}
    about = Subject("release", Digest(view.release_digest))
    yield Observation("record", (about,), {**payload, "tool": view.tool}, started, view.now(), "build")


def inputs(view: View) -> Json:
    """Return what the observation follows from beside assets, manifest and settings."""
    return {"cards": card_inputs(view), "signed": sha256(canonical_json(last_signed(view)))}


def bill_payload(context: Context, built: Built, signed: dict[str, Any] | None) -> dict[str, Json]:
    """Return what is true of the bill on disk."""
    bill = built.bill
    why = unsignable(built)
    disk = parsed(bill.disk)
    # What is not valid has no shape that anything else could be asked about.
    valid = disk is not None and not schema_problems(disk)
    is_signed = valid and canonical_json(disk) == canonical_json(signed)
    count = accounted(disk) if valid and disk else 0
    gaps = [*_absent(context, disk), *_elements(disk)] if valid and disk else ["the bill itself"]
    loose = [*(unlabelled(disk) if valid and disk else ()), *(f"`{each.name}`" for each in built.cards for _ in range(each.unlabelled))]
    return {
        **blank("bom"),
        "complete": not gaps and not why,
        "missingFields": gaps,
        "unlabelledFields": len(loose) if valid else max(1, len(loose)),
        "drifted": len(bill.differences),
        "schemaValid": valid,
        "elements": ELEMENTS,
        "elementsAccounted": count,
        "deterministic": again(context) == bill.data,
        "signed": is_signed,
        "sourcesUnknown": 0,
        "guardrailsWithoutEvidence": 0,
        "detail": _sentences(why, gaps, loose, is_signed=is_signed),
    }


def _elements(disk: dict[str, Any]) -> list[str]:
    """Return the elements that the bill does not account for."""
    stated = dict(properties_of(disk["metadata"], "tetrapylon:g7:")) if "metadata" in disk else {}
    wanted = [f"tetrapylon:g7:{cluster.id}:{each.id}" for cluster in completeness(disk) for each in cluster.elements]
    return [each for each in wanted if each not in stated]


def _absent(context: Context, disk: dict[str, Any]) -> list[str]:
    """Return assets of the release without a component, and locks of which something could not be read."""
    there = {str(each.get("bom-ref")) for each in disk.get("components", ()) if isinstance(each, dict)}
    wanted = [f"{_PREFIX.get(each.kind, each.kind)}:{each.id}" for each in context.assets if each.kind in _CARRIED]
    return [*(each for each in wanted if each not in there), *context.unread]


def _sentences(why: str, gaps: list[str], loose: list[str], *, is_signed: bool) -> list[str]:
    return [
        *([why] if why else []),
        *([f"missing from the bill: {', '.join(gaps[:5])}"] if gaps and not why else []),
        *([f"without a label: {', '.join(loose[:5])}"] if loose else []),
        *(["no verified `cyclonedx` statement in the log holds this very bill"] if not is_signed and not why else []),
    ]

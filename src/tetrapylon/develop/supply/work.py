"""Examine the parts from outside at every assessment and leave how many are without supplier, pin, proof or known source.

Reads: the manifest, the declared locks, package managers' settings in the tree, `supply.toml`, and integrity checks in the
log. Leaves: `inventory-reconcile` with the scope `supply`. Moves: SV1.1, SV1.5, SV1.7 (what the manifest and the locks say;
that models are scanned is other work). A lock, or a line of one, that cannot be read leaves no answer where nothing worse
is known. Cannot see: what is installed instead of locked; a supplier's own suppliers; whether a marked part is sound.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.supply.decisions import FILE
from tetrapylon.develop.supply.examine import Supply, examine
from tetrapylon.develop.supply.origin import signed_digests
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.beside import digest_beside
from tetrapylon.outside.view import View

PRACTICES = ("SV1.1", "SV1.5", "SV1.7")

_TOLD = 20
"""Findings of each kind that a statement names; it counts them all."""


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the manifest."""
    started = view.now()
    found = examine(view)
    payload = {**_answers(found), "release": view.facts["system"]["release"], "tool": view.tool, "detail": _sentences(found)}
    for asset in (each for each in view.assets if each.kind == "manifest"):
        yield Observation("inventory-reconcile", (Subject(asset.id, asset.digest),), payload, started, view.now(), "scanner")


def inputs(view: View) -> Json:
    """Return what the observation follows from; the day counts, because marks end."""
    decided = digest_beside(view.root, FILE)
    return {"tree": view.repository.digest, "decisions": decided, "signed": sorted(signed_digests(view)), "day": view.now()[:10]}


def _answers(found: Supply) -> dict[str, Json]:
    """Return the payload's figures; a count of nothing is no answer where something could not be read."""
    counts = {"unpinned": found.unpinned, "unverified": found.unverified, "outsideSources": found.outside_sources}
    sure = {name: len(rows) for name, rows in counts.items() if rows or not found.unseen}
    return {"scope": "supply", "withoutSupplier": len(found.without_supplier), "marked": len(found.marked), **sure}


def _sentences(found: Supply) -> list[str]:
    """Return what is wrong, each sentence after the field that it is about."""
    rows = {"withoutSupplier": found.without_supplier, "unpinned": found.unpinned, "unverified": found.unverified}
    rows["outsideSources"] = found.outside_sources
    said = [f"{name}: {each}" for name, findings in rows.items() for each in findings[:_TOLD]]
    said += [f"{name}: could not be read: {each}" for name in list(rows)[1:] for each in found.unseen[:_TOLD] if not rows[name]]
    said += [f"`{each.path}` is {each.format}: {each.runs_code}" for each in found.runs_code[:_TOLD]]
    return [*said, *(f"marked in `{FILE}`: {each}" for each in found.marked[:_TOLD])]

"""Take the inventory at every assessment and leave how it compares with the manifest, the last one and the tree.

Reads: everything below the folder of the manifest, `inventory.toml`, the state's folder (keys by name alone), assessments
and the last inventories in the log. Leaves: `inventory-reconcile` with the scope `assets`. Moves: SV2.1, SV2.3.
What could not be looked at leaves no answer about unknown assets. Cannot see: other machines, buckets and registries;
what hides in an archive; a hosted model's weights; a part that no finder knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.assets.decisions import FILE
from tetrapylon.develop.assets.entry import Difference, Inventory
from tetrapylon.develop.assets.kept import state_of
from tetrapylon.develop.assets.reconcile import take
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.beside import digest_beside
from tetrapylon.outside.view import View

PRACTICES = ("SV2.1", "SV2.3")

_TOLD = 20
"""Differences that a statement names; it counts them all."""


def observe(view: View) -> Iterator[Observation]:
    """Yield one observation about the manifest."""
    started = view.now()
    found = take(view)
    payload = {**_answers(found), "release": view.facts["system"]["release"], "tool": view.tool, "detail": _sentences(found)}
    for asset in (each for each in view.assets if each.kind == "manifest"):
        yield Observation("inventory-reconcile", (Subject(asset.id, asset.digest),), payload, started, view.now(), "scanner")


def inputs(view: View) -> Json:
    """Return what the observation follows from: the tree, people's decisions, and what was recorded for this release."""
    recorded = sorted({digest for each in view.evidence("integrity-check") for digest in each.subjects.values()})
    return {"tree": view.repository.digest, "decisions": digest_beside(view.root, FILE), "recorded": recorded, "state": state_of(view)}


def _answers(found: Inventory) -> dict[str, Json]:
    """Return the payload's figures; what is not sure is left out."""
    answers: dict[str, Json] = {
        "scope": "assets",
        "inventory": found.recorded,
        "added": len(found.added),
        "changed": len(found.changed),
        "missing": len(found.missing),
        "versioned": found.versioned,
    }
    if not found.contradicted:
        answers["emptyClasses"] = list(found.empty)
    if found.unknown or not found.unseen:
        answers["unknown"] = len(found.unknown)
    return answers


def _sentences(found: Inventory) -> list[str]:
    """Return what is wrong, each sentence after the field that it is about, then what could not be looked at."""
    said = [f"emptyClasses: nothing is listed under {each}, and nobody declared it empty in `{FILE}`" for each in found.empty]
    said += [f"emptyClasses: `{FILE}` declares {each} empty, and something is listed there" for each in found.contradicted]
    for word, rows in (("changed", found.changed), ("missing", found.missing), ("unknown", found.unknown)):
        said += [_sentence(word, each) for each in rows[:_TOLD]]
    return [*said, *(f"unknown: could not be looked at: {each}" for each in found.unseen[:_TOLD])]


def _sentence(word: str, each: Difference) -> str:
    at = f" at `{each.at}`" if each.at and each.at != each.id else ""
    return f"{word}: {each.kind} `{each.id}`{at}: {each.why}"

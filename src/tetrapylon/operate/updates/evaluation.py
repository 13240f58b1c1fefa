"""Whether exactly these models and prompts were evaluated: test results about each of them, or about the release as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tetrapylon.outside.view import Known, View
from tetrapylon.system.assets import Asset

BEHAVES = frozenset({"model-file", "model-hosted", "prompt"})
"""Assets a change of which is a change of behaviour."""

PARTIAL = frozenset({"regression", "regression-pin"})
"""Kinds of test results that try single cases."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the evidence says about an evaluation of the release as it is."""

    answer: bool | None
    """None where nothing was ever evaluated, so that there is nothing to say."""

    records: tuple[int, ...] = ()
    """Records of the log that show it."""

    sentences: tuple[str, ...] = ()


def evaluated(view: View) -> Evaluated:
    """Return whether test results cover every asset that behaves, by its digest now."""
    # That old attacks fail says little about the whole; a release that only withstands those was not evaluated.
    results = [each for each in view.evidence("test-result") if each.payload.get("kind") not in PARTIAL]
    whole = tuple(each.record for each in results if view.release_digest in each.subjects.values())
    if whole:
        return Evaluated(answer=True, records=whole)
    assets = [each for each in view.assets if each.kind in BEHAVES]
    covering = {each.id: _covering(each, results) for each in assets}
    records = tuple(sorted({record for found in covering.values() for record in found}))
    missing = [each for each in assets if not covering[each.id]]
    if not missing and assets:
        return Evaluated(answer=True, records=records)
    changed = [each for each in missing if any(each.id in known.subjects for known in results)]
    said = [f"{each.kind} `{each.id}` has changed since it was last evaluated" for each in changed]
    said += [f"{each.kind} `{each.id}` was never evaluated" for each in missing if each not in changed]
    return Evaluated(False if changed else None, records, tuple(said) or ("no model and no prompt is declared",))


def _covering(asset: Asset, results: Sequence[Known]) -> list[int]:
    return [each.record for each in results if asset.digest in each.subjects.values()]

"""Models and data: who supplies them, what holds them to one version, and who vouches for their bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tetrapylon.develop.supply.decisions import Decisions
from tetrapylon.develop.supply.finding import Finding
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.view import View


def without_supplier(facts: Mapping[str, Json], decisions: Decisions) -> Iterator[Finding]:
    """Yield the models and datasets that come from somebody who is not named."""
    own = {each.id for each in decisions.own}
    for index, each in enumerate(facts.get("model", ())):
        # What is trained from declared data was made here.
        if "supplier" not in each and not each.get("trained-from") and each["id"] not in own:
            yield Finding(each["id"], f"model[{index}]", "has no supplier, and is not trained here")
    for index, each in enumerate(facts.get("dataset", ())):
        if "supplier" not in each and each["id"] not in own:
            yield Finding(each["id"], f"dataset[{index}]", "has no supplier, and nobody said that it was made here")


def unpinned_models(facts: Mapping[str, Json]) -> Iterator[Finding]:
    """Yield the hosted models that can change any day: a digest of their address holds nothing still."""
    for index, each in enumerate(facts.get("model", ())):
        if "endpoint" in each and "snapshot" not in each:
            yield Finding(each["id"], f"model[{index}]", "is hosted, and no snapshot is pinned")


def unverified_parts(view: View) -> Iterator[Finding]:
    """Yield what others supply and nobody vouched for: a file without a signature that verifies, data without one at all.

    The digest of every declared file is part of the release, so it is pinned; this is about whose bytes they are.
    """
    signed = signed_digests(view)
    digests = {(each.kind, each.id): each.digest for each in view.assets}
    for index, each in enumerate(view.facts.get("model", ())):
        if "supplier" in each and "path" in each and digests.get(("model-file", each["id"])) not in signed:
            yield Finding(each["id"], f"model[{index}]", "comes from a supplier, and no signature of it was verified")
    for index, each in enumerate(view.facts.get("dataset", ())):
        if "supplier" in each:
            yield Finding(each["id"], f"dataset[{index}]", "comes from a supplier, and nothing vouches for it")


def signed_digests(view: View) -> set[str]:
    """Return the digests whose last look found them signed."""
    found: dict[str, bool] = {}
    for each in view.evidence("integrity-check"):
        if each.payload.get("event") == "rehash":
            found.update(dict.fromkeys(each.subjects.values(), each.payload.get("signed") is True))
    return {digest for digest, signed in found.items() if signed}

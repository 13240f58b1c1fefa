"""The trigger by security status: what the evidence says against a supplier, or against a model file.

What it does: takes the last statement about each supplier and each model, and returns the models that should not answer any
more: their supplier failed its examination, their file was found malicious, or is not what was signed.
Why it matters: a supplier that answers all right can be the more dangerous one.

An examination that grew old is no failure (the practice says so), and neither is evidence that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.view import Known
from tetrapylon.system.assets import Asset

PREDICATES = ("due-diligence", "scan", "integrity-check")
"""Kinds of evidence that can take a model out of service."""


def failing(
    facts: Mapping[str, Json], assets: Iterable[Asset], evidence: Mapping[str, Iterable[Known]], values: Mapping[str, Json]
) -> dict[str, str]:
    """Return the models that should not answer, and why; `evidence` is in the order of the log."""
    last: dict[tuple[str, str], str | None] = {}
    for predicate, judge in _JUDGES.items():
        for known in evidence.get(predicate, ()):
            said = judge(known.payload, values)
            if said is not UNSAID:
                last.update({(predicate, digest): said for digest in known.subjects.values()})
    bad: dict[str, str] = {}
    for (_, digest), why in last.items():
        if why is not None:
            bad.setdefault(digest, why)
    found: dict[str, str] = {}
    for asset in assets:
        for model in _models(facts, asset) if str(asset.digest) in bad else ():
            found.setdefault(model, bad[str(asset.digest)])
    return found


def _models(facts: Mapping[str, Json], asset: Asset) -> Iterator[str]:
    """Yield the models that stand or fall with an asset."""
    if asset.kind in {"model-file", "model-hosted"}:
        yield asset.id
    elif asset.kind == "supplier":
        yield from (each["id"] for each in facts.get("model", ()) if each.get("supplier") == asset.id)


UNSAID = "unsaid"
"""A statement that says nothing about what is judged here."""


def _examined(payload: Mapping[str, Json], values: Mapping[str, Json]) -> str | None:
    score, limit = payload.get("score"), payload.get("limit")
    limits = [each for each in (limit, values.get("supplier-score")) if isinstance(each, int | float)]
    if not isinstance(score, int | float) or not limits:
        return UNSAID
    failed = ", ".join(map(str, payload.get("failed") or ()))
    return f"`{payload.get('supplier')}` failed its examination: {failed or f'{score:g} of 1'}" if score < max(limits) else None


def _scanned(payload: Mapping[str, Json], _: Mapping[str, Json]) -> str | None:
    count = payload.get("notClean")
    if not isinstance(count, int):
        return UNSAID
    return "its scan found what must not be in a model" if count else None


def _hashed(payload: Mapping[str, Json], _: Mapping[str, Json]) -> str | None:
    if payload.get("event") != "rehash":
        return UNSAID
    return "its file is not what was recorded or signed" if payload.get("mismatched") or payload.get("signed") is False else None


_JUDGES: dict[str, Callable[[Mapping[str, Json], Mapping[str, Json]], str | None]] = {
    "due-diligence": _examined,
    "scan": _scanned,
    "integrity-check": _hashed,
}

"""How a bill on disk differs from what it would be now, place by place.

What evidence feeds may be missing, or be an explicit unknown, in a bill that is older than the evidence: that is said as
outdated. Anything else that differs is drift: somebody edited the file, or it is about other bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tetrapylon.develop.records.field import ORIGINS
from tetrapylon.kernel.canonical import Json, canonical_json

_SHOWN = 20
_LONGEST = 120
_LABEL = "tetrapylon:origin"
_STRUCTURE = frozenset({"type", "bom-ref", "properties", "modelCard", "data", "x-trust-boundary"})
"""Keys that say nothing by themselves, or whose content is labelled by properties of the same names as on the card."""

Place = tuple[str, ...]


@dataclass(frozen=True)
class BillDrift:
    """How a bill on disk differs."""

    differences: tuple[str, ...]
    outdated: int


def compare_bills(disk: Json, now: Mapping[str, Json]) -> BillDrift:
    """Return how the bill on disk differs from what it would be now."""
    there, wanted = dict(_flat(disk, ())), dict(_flat(now, ()))
    differences: list[str] = []
    outdated = 0
    for place in sorted({*there, *wanted}):
        old, new = there.get(place), wanted.get(place)
        if old == new:
            continue
        if _is_fed(place, old, new):
            outdated += 1
        elif len(differences) < _SHOWN:
            differences.append(f"`{'/'.join(place)}`: {_shown(old)} on disk, {_shown(new)} now")
    return BillDrift(tuple(differences), outdated)


def _is_fed(place: Place, old: str | None, new: str | None) -> bool:
    """Return whether evidence that has come since explains the difference."""
    if new is None:
        return False
    text = "/".join(place)
    if place[:2] == ("metadata", "timestamp") or place[:1] == ("formulation",) or "quantitativeAnalysis" in place:
        return old is None
    if "tetrapylon:evidence:" in text:
        return old is None
    fed = "tetrapylon:g7:" in text or "tetrapylon:origin:timestamp" in text or text.endswith(":made-from")
    return fed and old is not None and old.startswith('"unknown: ')


def _shown(text: str | None) -> str:
    if text is None:
        return "missing"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _flat(value: Json, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield every single value with its place; parts of lists that have a name are placed by it, so order does not matter."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _flat(each, (*place, str(key)))
    elif isinstance(value, list) and value:
        counts: dict[str, int] = {}
        for each in value:
            name = _name(each)
            counts[name] = counts.get(name, 0) + 1
            yield from _flat(each, (*place, f"{name}#{counts[name]}" if counts[name] > 1 or not name else name))
    else:
        yield place, _text(value)


def _name(value: Json) -> str:
    if isinstance(value, dict):
        return next((str(value[key]) for key in ("bom-ref", "ref", "name", "url", "alg") if isinstance(value.get(key), str)), "")
    return ""


def _text(value: Json) -> str:
    try:
        return canonical_json(value).decode()
    except (ValueError, RecursionError, UnicodeError):
        return repr(type(value))


def unlabelled(bom: Mapping[str, Json]) -> list[str]:
    """Return the fields of a bill that do not say where they are from: `metadata`, components, services, references."""
    found: list[str] = []
    metadata: Mapping[str, Json] = bom.get("metadata") or {}
    things = [("metadata", metadata), ("metadata/component", metadata.get("component", {}))]
    things += [("metadata/tools", each) for each in metadata.get("tools", {}).get("components", ())]
    for key in ("components", "services", "externalReferences"):
        things += [(key, each) for each in bom.get(key, ())]
    for where, thing in things:
        if isinstance(thing, dict) and thing:
            found += [f"`{where}/{thing.get('bom-ref', thing.get('url', ''))}/{key}`" for key in _without_label(thing)]
    return found


def _without_label(thing: Mapping[str, Json]) -> Iterator[str]:
    labels = {
        str(each.get("name")): str(each.get("value")).partition(": ")[0]
        for each in thing.get("properties", ())
        if isinstance(each, dict) and str(each.get("name", "")).startswith(_LABEL)
    }
    for key in thing.keys() - _STRUCTURE:
        if labels.get(f"{_LABEL}:{key}", labels.get(_LABEL)) not in ORIGINS:
            yield key
    yield from (name for name, kind in labels.items() if kind not in ORIGINS)

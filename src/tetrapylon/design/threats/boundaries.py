"""Boundaries of trust: declared crossings, the world outside, suppliers, environments and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tetrapylon.design.threats.element import Boundary, Flow, Part
from tetrapylon.design.threats.parts import Parts
from tetrapylon.kernel.canonical import Json

OUTSIDE = "outside/outside"

_STAGES = ("production", "staging", "test", "training", "development")
"""A picture draws what several environments hold in the first of these."""

_Held = dict[str, tuple[str, ...]]
"""For each boundary by key, the keys of the elements inside."""


def boundaries_of(
    facts: Mapping[str, Json], parts: Parts, flows: Iterable[Flow]
) -> tuple[tuple[Boundary, ...], tuple[Flow, ...], Mapping[str, str]]:
    """Return the boundaries, the flows with the boundaries that each crosses, and the zone of each element that has one."""
    held = _held(facts, parts)
    inside: dict[str, set[str]] = {}
    for boundary, members in held.items():
        for each in members:
            inside.setdefault(each, set()).add(boundary)
    zones = _zones(facts, inside)
    marked = tuple(replace(each, boundaries=_crossed(each, parts, inside, zones)) for each in flows)
    crossing: dict[str, list[str]] = {each: [] for each in held}
    for flow in marked:
        for each in flow.boundaries:
            crossing.setdefault(each, []).append(flow.key)
    found = [_boundary(each, held.get(each, ()), crossing[each]) for each in sorted(crossing)]
    return tuple(found), marked, zones


def _boundary(key: str, members: Iterable[str], flows: Iterable[str]) -> Boundary:
    kind, _, name = key.partition("/")
    return Boundary(kind, name, tuple(members), tuple(flows))  # type: ignore[arg-type]  # the kinds are those of `_held` and `_crossed`


def _held(facts: Mapping[str, Json], parts: Parts) -> _Held:
    outside = tuple(key for key, each in parts.by_key.items() if each.kind == "actor")
    found: _Held = {OUTSIDE: outside} if outside else {}
    supplied: dict[str, list[str]] = {}
    for key, part in parts.by_key.items():
        if part.kind == "supplier":
            supplied.setdefault(f"supplier/{part.id}", []).append(key)
        elif part.kind == "hosted-model" and part.facts.get("supplier"):
            supplied.setdefault(f"supplier/{part.facts['supplier']}", []).append(key)
    found.update({key: tuple(sorted(members)) for key, members in supplied.items()})
    for row in facts.get("environment", ()):
        tables = ("model", "dataset", "prompt", "store")
        keys = {parts.tables[table, each] for table in tables for each in row.get("holds", ()) if (table, each) in parts.tables}
        found[f"environment/{row['id']}"] = tuple(sorted(keys))
    for row in facts.get("location", ()):
        stores = (each for each in parts.by_key.values() if each.kind == "store" and each.facts.get("location") == row["id"])
        found[f"location/{row['id']}"] = tuple(sorted(each.key for each in stores))
    return found


def _crossed(flow: Flow, parts: Parts, inside: Mapping[str, set[str]], zones: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a flow crosses: whatever holds one of its ends alone. Ends that share an environment stay inside it.

    What several environments hold runs in one of them: its zone.
    """
    found = {f"crossing/{flow.crosses}"} if flow.crosses else set()
    if _about_a_place(parts.by_key[flow.target]) or flow.how == "supply":
        # A supplier's own model does not cross the line around the supplier; what it supplies to us does.
        return tuple(sorted(found | _supplied(flow, inside)))
    source, target = inside.get(flow.source, set()), inside.get(flow.target, set())
    together = any(each.startswith("environment/") for each in source & target)
    lines = {each for each in source ^ target if not each.startswith("environment/")}
    places = {each for each in (zones.get(flow.source, ""), zones.get(flow.target, "")) if each.startswith("environment/")}
    return tuple(sorted(found | lines | (set() if together else places)))


def _about_a_place(part: Part) -> bool:
    return part.kind in {"environment", "location"}


def _supplied(flow: Flow, inside: Mapping[str, set[str]]) -> set[str]:
    return {each for each in inside.get(flow.source, set()) - inside.get(flow.target, set()) if each.startswith("supplier/")}


def _zones(facts: Mapping[str, Json], inside: Mapping[str, set[str]]) -> Mapping[str, str]:
    stages = {f"environment/{row['id']}": str(row.get("stage", "")) for row in facts.get("environment", ())}

    def rank(boundary: str) -> tuple[int, int, str]:
        kinds = ("outside", "supplier", "environment", "location")
        stage = stages.get(boundary, "")
        return kinds.index(boundary.partition("/")[0]), _STAGES.index(stage) if stage in _STAGES else len(_STAGES), boundary

    return {key: min(boundaries, key=rank) for key, boundaries in inside.items()}

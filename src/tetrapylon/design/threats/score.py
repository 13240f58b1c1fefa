"""What reaches an element, who reaches it, and how much an attacker would like to hold it.

Sensitivity is a fixpoint: a class of data spreads along flows from wherever it is held or comes in, and ends at people and
suppliers. What people send has no declared class, and nothing undeclared is called harmless: it counts as confidential
unless the flow carries declared data by name. What a model was trained from stays with the model: an answer is not a copy of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tetrapylon.design.threats.element import LEVELS, OUTSIDERS, PEOPLE, Attraction, DataClass, Flow
from tetrapylon.design.threats.parts import Parts
from tetrapylon.design.threats.spread import neighbours_of, spread
from tetrapylon.kernel.canonical import Json

FROM_PEOPLE = DataClass(LEVELS.index("confidential"))
"""The class of what people send."""

_STILL = frozenset({"training", "update", "guard", "supply"})
"""Flows that carry none of our running data."""

_LEVEL_POINTS = (0, 10, 25, 40)
_PERSONAL_POINTS = 10
_FURTHER_POINTS, _FURTHER_MOST = 3, 9
_EFFECT_POINTS = {"irreversible": 15, "write": 8}
_CRITICALITY_POINTS = {"low": 0, "moderate": 5, "high": 10, "mission": 15}
_HOLDING_POINTS = {"model": 10, "pipeline": 11, "update-path": 11, "code": 11, "dispatcher": 5, "gateway": 5}

Exposed = Mapping[str, tuple[int, str]]
"""For each key how exposed it is, and from where."""


@dataclass(frozen=True)
class Reached:
    """The classes of data that reach one element, worst first, and for each a key that it comes from."""

    classes: tuple[DataClass, ...] = ()
    because: tuple[str, ...] = ()


def reached_by_data(parts: Parts, flows: Iterable[Flow]) -> dict[str, Reached]:
    """Return what data reaches each element."""
    flows = tuple(flows)
    along = neighbours_of((each.source, each.target) for each in flows if each.how not in _STILL)
    starts = _starts(parts, flows)
    found: dict[str, list[tuple[DataClass, str]]] = {}
    for kind in sorted(starts, key=lambda each: (-each.level, not each.personal)):
        for key, source in spread(starts[kind], along, lambda each: parts.by_key[each].kind in OUTSIDERS).items():
            found.setdefault(key, []).append((kind, source))
    known = {key: Reached(tuple(kind for kind, _ in each), tuple(source for _, source in each)) for key, each in found.items()}
    return {**known, **_learned(flows, known)}


def _starts(parts: Parts, flows: Iterable[Flow]) -> dict[DataClass, dict[str, str]]:
    """Return, for each class, where it is held or comes in, and whose it is."""
    starts: dict[DataClass, dict[str, str]] = {}
    for key, part in parts.by_key.items():
        if part.own is not None:
            starts.setdefault(part.own, {})[key] = key
    for flow in flows:
        for kind, source in _carried(parts, flow):
            place = starts.setdefault(kind, {})
            place[flow.target] = min(place.get(flow.target, source), source)
    return starts


def _carried(parts: Parts, flow: Flow) -> list[tuple[DataClass, str]]:
    if flow.how not in {"declared", "grant"}:
        return []
    keys = [key for each in flow.carries for table in ("dataset", "store") if (key := parts.tables.get((table, each)))]
    known = [(own, key) for key in keys if (own := parts.by_key[key].own) is not None]
    from_people = parts.by_key[flow.source].kind in PEOPLE and (not flow.carries or len(keys) < len(flow.carries))
    return [*known, (FROM_PEOPLE, flow.source)] if from_people else known


def _learned(flows: Iterable[Flow], known: Mapping[str, Reached]) -> dict[str, Reached]:
    """Return what models and training hold besides: the classes of the data that they were made from."""
    found: dict[str, dict[DataClass, str]] = {}
    for flow in flows:
        if flow.how == "training" and flow.source in known:
            held = known.get(flow.target, Reached())
            classes = found.setdefault(flow.target, dict(zip(held.classes, held.because, strict=True)))
            source = known[flow.source]
            for kind, because in zip(source.classes, source.because, strict=True):
                classes[kind] = min(classes.get(kind, because), because)
    ordered = {key: sorted(each, key=lambda kind: (-kind.level, not kind.personal)) for key, each in found.items()}
    return {key: Reached(tuple(each), tuple(found[key][kind] for kind in each)) for key, each in ordered.items()}


def exposed(parts: Parts, flows: Iterable[Flow]) -> Exposed:
    """Return who reaches each element: outsiders directly, outsiders through others, known people, or nobody."""
    flows = tuple(flows)
    along = neighbours_of((each.source, each.target) for each in flows)

    def stops(key: str) -> bool:
        return parts.by_key[key].kind in OUTSIDERS

    def of_kind(*kinds: str) -> dict[str, str]:
        return {key: key for key, part in parts.by_key.items() if part.kind in kinds}

    crossing = {each.target: each.source for each in reversed(flows) if each.crosses and each.how == "declared"}
    direct = {each.target: each.source for each in reversed(flows) if parts.by_key[each.source].kind == "actor"}
    against = neighbours_of((each.target, each.source) for each in flows if each.how not in _STILL and each.how != "build")

    def asked(*kinds: str) -> dict[str, str]:
        # Whoever is given what a store holds reaches it, too, though nothing flows to it.
        found = spread(of_kind(*kinds), against, stops)
        return {key: people for key, people in found.items() if parts.by_key[key].kind in {"dataset", "store"}}

    found: dict[str, tuple[int, str]] = {}
    for level, reached in (
        (3, {**direct, **of_kind("actor")}),
        (2, {**asked("actor"), **spread({**crossing, **of_kind("actor", "supplier")}, along, stops)}),
        (1, {**asked("group"), **spread(of_kind("group", "person"), along, stops)}),
    ):
        for key, source in reached.items():
            found.setdefault(key, (level, source))
    return found


def commanded(parts: Parts, flows: Iterable[Flow]) -> dict[str, tuple[str, str]]:
    """Return for each element the worst effect that it can cause through tools, and the tool."""
    against = neighbours_of((each.target, each.source) for each in flows if each.how != "answer")
    found: dict[str, tuple[str, str]] = {}
    for effect in _EFFECT_POINTS:
        tools = {key: key for key, part in parts.by_key.items() if part.kind == "tool" and part.facts.get("effect") == effect}
        for key, tool in spread(tools, against, lambda each: parts.by_key[each].kind in OUTSIDERS).items():
            found.setdefault(key, (effect, tool))
    return found


def attraction(key: str, facts: Mapping[str, Json], parts: Parts, reached: Reached, effects: Mapping[str, tuple[str, str]]) -> Attraction:
    """Return how attractive an element is, with every input and its points."""
    inputs: list[tuple[str, int]] = []
    if reached.classes:
        worst = reached.classes[0]
        points = _LEVEL_POINTS[worst.level] + _PERSONAL_POINTS * any(each.personal for each in reached.classes)
        inputs.append((f"data that reaches it: {worst}, from {reached.because[0]}", points))
    if len(reached.classes) > 1:
        others = len(reached.classes) - 1
        inputs.append((f"further classes of data: {others}", min(others * _FURTHER_POINTS, _FURTHER_MOST)))
    if key in effects:
        effect, tool = effects[key]
        inputs.append((f"what it can cause: {effect}, through {tool}", _EFFECT_POINTS[effect]))
    kind = parts.by_key[key].kind
    if kind in _HOLDING_POINTS:
        inputs.append((f"what it is: {kind}", _HOLDING_POINTS[kind]))
    criticality = str(facts.get("system", {}).get("criticality", "moderate"))
    inputs.append((f"criticality of the system: {criticality}", _CRITICALITY_POINTS.get(criticality, _CRITICALITY_POINTS["mission"])))
    return Attraction(min(sum(points for _, points in inputs), 100), tuple(inputs))

"""The data-flow graph of a system: a pure function of what its manifest declares.

Elements, flows and boundaries are sorted, so the order in which a manifest is written changes nothing. Circles, flows
from a part to itself and parts that nothing reaches are all in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tetrapylon.design.threats.boundaries import boundaries_of
from tetrapylon.design.threats.element import LEVELS, OUTSIDERS, Boundary, Element, Flow, Kind
from tetrapylon.design.threats.flows import flows_of
from tetrapylon.design.threats.parts import parts_of
from tetrapylon.design.threats.score import Reached, attraction, commanded, exposed, reached_by_data
from tetrapylon.design.threats.spread import neighbours_of, spread
from tetrapylon.kernel.canonical import Json, canonical_json
from tetrapylon.kernel.digest import Digest, sha256

_NOT_CONTENT = frozenset({"training", "update", "guard", "build", "instruct"})
"""Flows that bring a model nothing to read while it runs."""

_SHAPING = frozenset({"training", "update", "guard", "build", "instruct", "supply"})
"""Flows that make their target what it is: whoever changes the source changes the target."""


@dataclass(frozen=True)
class Graph:
    """The elements of a system by key, its flows, and the boundaries of trust."""

    facts: Mapping[str, Json]
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]
    boundaries: tuple[Boundary, ...]
    language: frozenset[str]
    """Keys of the models that answer in language."""

    dispatcher: str
    """The key of what carries a model's calls to tools; empty where nothing does."""

    @cached_property
    def into(self) -> Mapping[str, tuple[Flow, ...]]:
        """The flows that end at each element."""
        return _by(self.flows, lambda each: each.target)

    @cached_property
    def out_of(self) -> Mapping[str, tuple[Flow, ...]]:
        """The flows that begin at each element."""
        return _by(self.flows, lambda each: each.source)

    def of(self, *kinds: Kind) -> tuple[Element, ...]:
        """Return the elements of these kinds."""
        return tuple(each for each in self.elements.values() if each.kind in kinds)

    @cached_property
    def content(self) -> Mapping[str, str]:
        """For each element that reads stored, fetched or returned content: a key that the content comes from."""
        along = neighbours_of((each.source, each.target) for each in self.flows if each.how not in _NOT_CONTENT)
        sources = {each.key: each.key for each in self.of("store", "dataset", "tool")}
        return spread(sources, along, self._ends)

    @cached_property
    def heard(self) -> Mapping[str, str]:
        """For each element whose output reaches people: the key of people whom it reaches."""
        against = neighbours_of((each.target, each.source) for each in self.flows if each.how not in _NOT_CONTENT)
        return spread({each.key: each.key for each in self.of("actor", "group")}, against, self._ends)

    @cached_property
    def to_language(self) -> Mapping[str, str]:
        """For each element whose content a model that answers in language reads: the key of such a model."""
        against = neighbours_of((each.target, each.source) for each in self.flows if each.how not in _NOT_CONTENT)
        return spread({each: each for each in self.language}, against, self._ends)

    @cached_property
    def stakes(self) -> Mapping[str, int]:
        """For each element the most sensitive class of data that it, or anything that it shapes, has to do with."""
        against = neighbours_of((each.target, each.source) for each in self.flows if each.how in _SHAPING)
        found: dict[str, int] = {}
        for level in range(len(LEVELS) - 1, 0, -1):
            sources = {each.key: each.key for each in self.elements.values() if each.sensitivity >= level}
            for key in spread(sources, against, lambda _: False):
                found.setdefault(key, level)
        return found

    @cached_property
    def topology(self) -> Digest:
        """The digest of elements, flows and boundaries: the same one means that nothing was added, removed or moved."""
        elements = [[each.key, each.part.own and [each.part.own.level, each.part.own.personal]] for each in self.elements.values()]
        flows = [[each.key, list(each.carries), list(each.boundaries)] for each in self.flows]
        return sha256(canonical_json([elements, flows, [[each.key, list(each.members)] for each in self.boundaries]]))

    def _ends(self, key: str) -> bool:
        return self.elements[key].kind in OUTSIDERS


def graph_of(facts: Mapping[str, Json]) -> Graph:
    """Return the graph of the system that the facts declare (the manifest as plain JSON)."""
    parts = parts_of(facts)
    boundaries, flows, zones = boundaries_of(facts, parts, flows_of(facts, parts))
    data, reach, effects = reached_by_data(parts, flows), exposed(parts, flows), commanded(parts, flows)
    elements = {}
    for key, part in parts.by_key.items():
        held, (level, source) = data.get(key, Reached()), reach.get(key, (0, ""))
        score = attraction(key, facts, parts, held, effects)
        elements[key] = Element(part, zones.get(key, ""), held.classes, held.because, level, source, score)
    return Graph(facts, elements, flows, boundaries, parts.language, parts.dispatcher)


def _by(flows: Iterable[Flow], end: Callable[[Flow], str]) -> Mapping[str, tuple[Flow, ...]]:
    found: dict[str, list[Flow]] = {}
    for each in flows:
        found.setdefault(end(each), []).append(each)
    return {key: tuple(each) for key, each in found.items()}

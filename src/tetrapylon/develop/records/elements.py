"""Completeness of a bill by the fifty minimum elements: per cluster each element with its state and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tetrapylon.develop.records.element import properties_of
from tetrapylon.develop.records.field import ORIGINS, Origin
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.shelf import Shelf

CLUSTERS = Shelf("tetrapylon.develop.records.clusters")
ORDER = ("metadata", "system", "models", "datasets", "infrastructure", "security", "performance")


@dataclass(frozen=True, slots=True)
class ElementState:
    """One element as a bill has it."""

    id: str
    name: str
    state: Origin
    reason: str
    """Where the value is from, or why it is unknown and how to fill it in."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The elements that belong together."""

    id: str
    name: str
    elements: tuple[ElementState, ...]

    def count(self, state: Origin) -> int:
        """Return how many elements are in a state."""
        return sum(each.state == state for each in self.elements)


def completeness(bom: Mapping[str, Json], *, signed: bool | None = None) -> tuple[Cluster, ...]:
    """Return every cluster with the state of each element, from the bill alone.

    `signed` says what the evidence log knows and the file cannot: whether a verified `cyclonedx` statement holds this bill.
    """
    return tuple(_cluster(name, bom, signed=signed) for name in ORDER)


def _cluster(name: str, bom: Mapping[str, Json], *, signed: bool | None) -> Cluster:
    part = CLUSTERS[name]
    found = []
    for each in part.ELEMENTS:
        state = each.look(bom)
        made = ElementState(each.id, each.name, state.state, state.reason)
        if (name, each.id) == ("metadata", "author-signature") and signed:
            made = ElementState(each.id, each.name, "measured", "a verified `cyclonedx` statement in the log holds this bill")
        found.append(made)
    return Cluster(name, part.NAME, tuple(found))


def accounted(bom: Mapping[str, Json]) -> int:
    """Return how many of the fifty elements the bill states itself, with a state that agrees with its content and a reason."""
    stated = dict(properties_of(bom.get("metadata", {}), "tetrapylon:g7:"))
    count = 0
    for cluster in completeness(bom):
        for each in cluster.elements:
            state, _, reason = stated.get(f"tetrapylon:g7:{cluster.id}:{each.id}", "").partition(": ")
            count += state in ORIGINS and state == each.state and bool(reason)
    return count

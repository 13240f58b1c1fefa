"""One minimum element of a bill for AI: found with its origin, or unknown with the reason. Looks at the bill alone.

Source: G7 Cybersecurity Working Group, "SBOM for AI - Minimum Elements" (12 May 2026), not binding; the names are our short
forms. The state is honest for each element: one model without a licence makes the element `licence` of models unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tetrapylon.develop.records.field import ORIGINS, Origin
from tetrapylon.kernel.canonical import Json

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What a bill says about one element."""

    state: Origin
    reason: str
    """Where the value is, or why there is none."""


Look = Callable[[Mapping[str, Json]], Found]


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a cluster."""

    id: str
    name: str
    look: Look


def properties_of(thing: Mapping[str, Json], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield the properties whose name is, or begins with, the prefix."""
    for each in thing.get("properties", ()):
        if str(each.get("name", "")).startswith(prefix):
            yield str(each["name"]), str(each.get("value", ""))


def label_of(thing: Mapping[str, Json], field: str) -> Found:
    """Return where a field of a component, a service or the metadata is from, by its property or that of the whole thing."""
    named = dict(properties_of(thing, "tetrapylon:origin"))
    said = named.get(f"tetrapylon:origin:{field}", named.get("tetrapylon:origin", ""))
    kind, _, source = said.partition(": ")
    known = next((each for each in ORIGINS if each == kind), None)
    return Found(known, source) if known else Found("unknown", f"`{field}` has no label")


def inside(thing: Mapping[str, Json], field: str, what: str) -> Found:
    """Return the state of a field that is there or not."""
    found = label_of(thing, field)
    if thing.get(field) in (None, "", [], {}):
        return found if found.state == "unknown" else Found("unknown", f"the bill has no {what}")
    return found


def noted(thing: Mapping[str, Json], name: str) -> Found:
    """Return the state of a value that stands in a property of ours."""
    found = label_of(thing, name)
    if found.state != "unknown" and not any(each == name for each, _ in properties_of(thing, name)):
        return Found("unknown", f"the bill has no `{name}`")
    return found


def components(bom: Mapping[str, Json], kind: str) -> list[Mapping[str, Json]]:
    """Return the components of a kind, such as `model`, `dataset` or `library`."""
    return [each for each in bom.get("components", ()) if str(each.get("bom-ref", "")).startswith(f"{kind}:")]


def all_of(what: str, things: Sequence[Mapping[str, Json]], look: Look) -> Found:
    """Return the weakest state among all things of a kind: one that is unknown makes the element unknown."""
    if not things:
        return Found("derived", f"the manifest declares no {what}")
    found = [(str(each.get("name")), look(each)) for each in things]
    gaps = [(name, each) for name, each in found if each.state == "unknown"]
    if gaps:
        names = ", ".join(name for name, _ in gaps[:_NAMED]) + (", …" if len(gaps) > _NAMED else "")
        return Found("unknown", f"{len(found) - len(gaps)} of {len(found)} known; not of {names}: {gaps[0][1].reason}")
    weakest = max((each for _, each in found), key=lambda each: ORIGINS.index(each.state))
    return Found(weakest.state, f"all {len(found)}" if len(found) > 1 else weakest.reason or found[0][0])


def evidence(bom: Mapping[str, Json], predicates: Sequence[str], nothing: str) -> Found:
    """Return whether evidence of these kinds stands anywhere in the bill."""
    things = [bom.get("metadata", {}), *bom.get("components", ()), *bom.get("services", ())]
    found = any(any(properties_of(thing, f"tetrapylon:evidence:{each}")) for each in predicates for thing in things)
    # Which evidence it is stands in those properties: a list of it here would differ whenever more of it arrives.
    return Found("measured", "properties `tetrapylon:evidence:…`") if found else Found("unknown", nothing)

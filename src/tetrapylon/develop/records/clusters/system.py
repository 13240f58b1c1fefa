"""About the system as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.develop.records.element import Element, Found, inside, noted
from tetrapylon.kernel.canonical import Json

NAME = "System level"


def _system(bom: Mapping[str, Json]) -> Mapping[str, Json]:
    return dict(bom.get("metadata", {}).get("component", {}))


def _field(known: str, name: str, key: str) -> Element:
    return Element(known, name, lambda bom: inside(_system(bom), key, name.lower()))


def _noted(known: str, name: str) -> Element:
    return Element(known, name, lambda bom: noted(_system(bom), f"tetrapylon:{known}"))


def _components(bom: Mapping[str, Json]) -> Found:
    found = bom.get("components", ())
    return Found("derived", f"{len(found)} from manifest and locks") if found else Found("unknown", "the bill has no components")


def _timestamp(bom: Mapping[str, Json]) -> Found:
    return inside(dict(bom.get("metadata", {})), "timestamp", "time")


def _flows(bom: Mapping[str, Json]) -> Found:
    found = sum(len(each.get("data", ())) for each in bom.get("services", ()))
    return Found("declared", f"{found} ends of flows in `services`") if found else Found("unknown", "the manifest declares no `[[flow]]`")


ELEMENTS = (
    _field("name", "Name", "name"),
    Element("components", "Components", _components),
    _field("producer", "Producer", "manufacturer"),
    _field("version", "Version", "version"),
    Element("timestamp", "Timestamp", _timestamp),
    Element("data-flow", "Data flow", _flows),
    _noted("data-usage", "Data usage"),
    _noted("input-output", "Input and output properties"),
    _noted("application-area", "Intended application area"),
)

"""About each dataset."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.develop.records.element import Element, Found, Look, all_of, components, inside, noted
from tetrapylon.kernel.canonical import Json

NAME = "Datasets"


def _each(known: str, name: str, look: Look) -> Element:
    return Element(known, name, lambda bom: all_of("dataset", components(bom, "dataset"), look))


def _field(known: str, name: str, key: str) -> Element:
    return _each(known, name, lambda data: inside(data, key, name.lower()))


def _noted(known: str, name: str, key: str) -> Element:
    return _each(known, name, lambda data: noted(data, f"tetrapylon:{key}"))


def _relations(bom: Mapping[str, Json]) -> Found:
    listed = {each.get("ref") for each in bom.get("dependencies", ())}

    def look(data: Mapping[str, Json]) -> Found:
        return Found("derived", "`dependencies`") if data.get("bom-ref") in listed else Found("unknown", "it is not among the dependencies")

    return all_of("dataset", components(bom, "dataset"), look)


ELEMENTS = (
    _field("name", "Name", "name"),
    _field("description", "Description", "description"),
    _noted("content", "Content", "content"),
    _noted("identifier", "Identifier", "digest"),
    _field("hash", "Hash", "hashes"),
    _noted("provenance", "Provenance", "source"),
    _noted("statistical-properties", "Statistical properties", "size"),
    _noted("sensitivity", "Sensitivity", "sensitivity"),
    Element("dependency-relationship", "Dependency relationship", _relations),
    _field("licence", "Licence", "licenses"),
)

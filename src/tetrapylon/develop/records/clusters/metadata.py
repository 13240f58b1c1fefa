"""About the bill itself."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.develop.records.element import Element, Found, inside, noted
from tetrapylon.kernel.canonical import Json

NAME = "Metadata"


def _author(bom: Mapping[str, Json]) -> Found:
    return inside(_metadata(bom), "manufacturer", "author")


def _metadata(bom: Mapping[str, Json]) -> Mapping[str, Json]:
    return dict(bom.get("metadata", {}))


def _fixed(key: str) -> Element:
    names = {"version": ("version", "Version"), "bomFormat": ("data-format-name", "Data format name")}
    known, name = names.get(key, ("data-format-version", "Data format version"))
    return Element(known, name, lambda bom: Found("derived", f"{bom[key]}") if key in bom else Found("unknown", f"the bill has no `{key}`"))


def _signature(bom: Mapping[str, Json]) -> Found:
    del bom
    return Found("unknown", "it stands outside the file: a `cyclonedx` statement in the evidence log holds the whole bill")


def _tool(key: str) -> Element:
    def look(bom: Mapping[str, Json]) -> Found:
        tools = _metadata(bom).get("tools", {}).get("components", ())
        return inside(tools[0], key, f"tool {key}") if tools else Found("unknown", "the bill names no tool")

    return Element(f"tool-{key}", f"Tool {key}", look)


def _context(bom: Mapping[str, Json]) -> Found:
    if not _metadata(bom).get("lifecycles"):
        return Found("unknown", "the bill does not say when in the life cycle it was made")
    return noted(_metadata(bom), "tetrapylon:context")


def _timestamp(bom: Mapping[str, Json]) -> Found:
    return inside(_metadata(bom), "timestamp", "time")


def _dependencies(bom: Mapping[str, Json]) -> Found:
    found = bom.get("dependencies", ())
    return Found("derived", f"{len(found)} entries from manifest and locks") if found else Found("unknown", "the bill has no dependencies")


ELEMENTS = (
    Element("author", "Author", _author),
    _fixed("version"),
    _fixed("bomFormat"),
    _fixed("specVersion"),
    Element("author-signature", "Author signature", _signature),
    _tool("name"),
    _tool("version"),
    Element("generation-context", "Generation context", _context),
    Element("timestamp", "Timestamp", _timestamp),
    Element("dependency-relationship", "Dependency relationship", _dependencies),
)

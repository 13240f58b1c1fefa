"""About each model."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.develop.records.element import Element, Found, Look, all_of, components, inside, label_of, noted
from tetrapylon.kernel.canonical import Json

NAME = "Models"


def _each(known: str, name: str, look: Look) -> Element:
    return Element(known, name, lambda bom: all_of("model", components(bom, "model"), look))


def _field(known: str, name: str, key: str) -> Element:
    return _each(known, name, lambda model: inside(model, key, name.lower()))


def _timestamp(bom: Mapping[str, Json]) -> Found:
    ended = {each["bom-ref"] for formula in bom.get("formulation", ()) for each in formula.get("workflows", ()) if "timeEnd" in each}

    def look(model: Mapping[str, Json]) -> Found:
        known = f"training:{model.get('name')}" in ended
        return Found("measured", "the end of its training") if known else Found("unknown", "no provenance says when it was made")

    return all_of("model", components(bom, "model"), look)


def _producer(model: Mapping[str, Json]) -> Found:
    if "supplier" in model:
        return label_of(model, "supplier")
    return Found("derived", "no supplier is declared, so the system's own producer")


def _hash(model: Mapping[str, Json]) -> Found:
    return inside(model, "hashes", "hash")


def _ports(model: Mapping[str, Json]) -> Found:
    inputs, outputs = noted(model, "tetrapylon:inputs"), noted(model, "tetrapylon:outputs")
    return inputs if inputs.state == "unknown" else outputs


def _training(model: Mapping[str, Json]) -> Found:
    found = model.get("modelCard", {}).get("modelParameters", {})
    if found.get("datasets"):
        return Found("derived", "datasets by reference")
    return noted(model, "tetrapylon:approach")


ELEMENTS = (
    _field("name", "Name", "name"),
    _each("identifier", "Identifier", lambda model: noted(model, "tetrapylon:digest")),
    _field("version", "Version", "version"),
    Element("timestamp", "Timestamp", _timestamp),
    _each("producer", "Producer", _producer),
    _field("description", "Description", "description"),
    _each("hash-value", "Hash value", _hash),
    _each("hash-algorithm", "Hash algorithm", _hash),
    _each("properties", "Properties", lambda model: noted(model, "tetrapylon:parameters")),
    _each("input-output", "Input and output properties", _ports),
    _each("training", "Training properties", _training),
    _field("licence", "Licence", "licenses"),
    _field("external-references", "External references", "externalReferences"),
)

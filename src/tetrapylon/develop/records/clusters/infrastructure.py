"""What the system runs on."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.develop.records.element import Element, Found, components, noted
from tetrapylon.kernel.canonical import Json

NAME = "Infrastructure"


def _software(bom: Mapping[str, Json]) -> Found:
    found = components(bom, "library")
    if found:
        return Found("declared", f"{len(found)} packages of lock files")
    return noted(dict(bom.get("metadata", {}).get("component", {})), "tetrapylon:software")


def _hardware(bom: Mapping[str, Json]) -> Found:
    return noted(dict(bom.get("metadata", {}).get("component", {})), "tetrapylon:hardware")


ELEMENTS = (Element("software", "Software", _software), Element("hardware", "Hardware", _hardware))

"""How the system is protected, and where to turn."""

from __future__ import annotations

from collections.abc import Mapping

from tetrapylon.develop.records.element import Element, Found, evidence, label_of, noted
from tetrapylon.kernel.canonical import Json

NAME = "Security properties"

_CONTROLS = ("integrity-check", "secure-defaults", "access-probe", "privilege-matrix", "input-defence-measurement", "scan")


def _controls(bom: Mapping[str, Json]) -> Found:
    return evidence(bom, _CONTROLS, "no evidence measures a control yet; run `tetrapylon assess`")


def _compliance(bom: Mapping[str, Json]) -> Found:
    return noted(dict(bom.get("metadata", {}).get("component", {})), "tetrapylon:compliance")


def _references(bom: Mapping[str, Json], kind: str) -> list[Mapping[str, Json]]:
    return [each for each in bom.get("externalReferences", ()) if each.get("type") == kind]


def _policy(bom: Mapping[str, Json]) -> Found:
    found = _references(bom, "rfc-9116")
    how = "no `security-txt` in `records/_system.toml` and no `.well-known/security.txt`"
    return label_of(found[0], "url") if found else Found("unknown", how)


def _vulnerabilities(bom: Mapping[str, Json]) -> Found:
    found = _references(bom, "advisories")
    if found:
        return label_of(found[0], "url")
    return evidence(bom, ("vulns",), "no advisories were matched with the components, and `records/_system.toml` names no `advisories`")


ELEMENTS = (
    Element("controls", "Controls", _controls),
    Element("compliance", "Compliance", _compliance),
    Element("policy-information", "Cybersecurity policy information", _policy),
    Element("vulnerability-referencing", "Vulnerability referencing", _vulnerabilities),
)

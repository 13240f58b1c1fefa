"""A threat model in the Open Threat Model format (OTM, JSON or YAML).

What it does: components become services, stores or outside actors by their type, and data flows flows that cross
where the trust zones at their ends differ. Threats and mitigations stay where they are.

Why it matters: models of StartLeft, IriusRisk and others can be taken over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tetrapylon.app.drafting.ids import slug
from tetrapylon.app.drafting.part import Part, Pieces, Ref, Value, found, guessed
from tetrapylon.app.reading import rows, table, text

_STORE = re.compile(
    r"(?:^|[-_ ])(?:db|sql|postgres\w*|mysql|mongo\w*|redis|database|storage|bucket|s3|dynamodb|cache|queue|datastore|vector\w*)(?:$|[-_ ])"
)
_OUTSIDE = re.compile(r"(?:^|[-_ ])(?:user|client|browser|customer|actor|person|mobile|external\w*)(?:$|[-_ ])")
_DEEPEST = 32


def recognises(documents: Mapping[str, Any]) -> bool:
    """Return whether this is such a model."""
    return any("otmVersion" in table(each) and isinstance(table(each).get("project"), dict) for each in documents.values())


def pieces(documents: Mapping[str, Any], source: str, there: Callable[[str], bool]) -> Pieces:
    """Return what the model describes."""
    del there
    (document,) = documents.values()
    zones = {text(each.get("id")): text(each.get("name")) for each in rows(document.get("trustZones"))}
    components = {text(each.get("id")): each for each in rows(document.get("components")) if text(each.get("id"))}
    parts = [_part(key, each, source) for key, each in components.items()]
    assets = {text(each.get("id")): text(each.get("name")) for each in rows(document.get("assets"))}
    within = {key: zones.get(_zone(key, components), "") for key in components}
    flows = [part for each in rows(document.get("dataflows")) for part in _flows(each, within, assets, source)]
    project = table(document, "project")
    purpose = text(project.get("description")) or text(project.get("name"))
    return Pieces((*parts, *flows), {"purpose": guessed(purpose, f"the project in {source}")} if purpose else {})


def _zone(key: str, components: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the trust zone that a component lies in, through the components around it."""
    for _ in range(_DEEPEST):
        parent = table(components.get(key), "parent")
        if "trustZone" in parent:
            return text(parent["trustZone"])
        key = text(parent.get("component"))
    return ""


def _part(key: str, component: Mapping[str, Any], source: str) -> Part:
    kind = text(component.get("type")).lower()
    name = text(component.get("name")) or key
    where = found("", f"{source}: `{kind or 'component'}`")
    if _STORE.search(kind):
        return Part("store", f"otm:{key}", name, {"sensitivity": guessed("internal", "say who may see it")}, where)
    return Part("actor" if _OUTSIDE.search(kind) else "service", f"otm:{key}", name, {}, where)


def _flows(flow: Mapping[str, Any], within: Mapping[str, str], assets: Mapping[str, str], source: str) -> list[Part]:
    ends = (text(flow.get("source")), text(flow.get("destination")))
    carried = [assets.get(text(each), "") for each in flow.get("assets") or () if isinstance(each, str | int)]
    named = list(dict.fromkeys(slug(each, "data") for each in carried if each))
    carries = found(named, source) if named else guessed(["data"], f"named `{text(flow.get('name'))[:80]}` in {source}")
    ways = [ends, ends[::-1]] if flow.get("bidirectional") is True else [ends]
    return [_flow(text(flow.get("id")), way, carries, within, source) for way in ways if all(way)]


def _flow(key: str, way: tuple[str, ...], carries: Value, within: Mapping[str, str], source: str) -> Part:
    zones = [within.get(each, "") for each in way]
    values = {"from": found(Ref(f"otm:{way[0]}"), source), "to": found(Ref(f"otm:{way[1]}"), source), "carries": carries}
    if zones[0] != zones[1]:
        outer = (
            "internet"
            if any("internet" in each.lower() for each in zones)
            else slug(" to ".join(each or "outside" for each in zones), "zone")
        )
        values["crosses"] = found(outer, f"{source}: from the zone `{zones[0]}` to `{zones[1]}`")
    return Part("flow", f"otm:flow:{key}:{way[0]}>{way[1]}", " to ".join(way), values, found("", source))

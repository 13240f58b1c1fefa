"""From the manifest to a picture: its parts, what flows between them, and which of them share a zone of trust.

Parts that a flow joins without crossing a boundary trust each other: they are in one zone. The zone with most of the system is
*inside*; another is named after the boundary that lies before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tetrapylon.app.report.picture.graph import Arrow, Graph, Kind, Part

INSIDE = "inside"
_TABLES: tuple[tuple[str, Kind], ...] = (
    ("model", "model"),
    ("tool", "tool"),
    ("store", "store"),
    ("service", "service"),
    ("dataset", "dataset"),
    ("prompt", "prompt"),
    ("group", "people"),
    ("person", "people"),
)
"""Where the end of a flow is looked up, in this order."""

_OURS = ("gateway", "console", "journal", "log")
"""Parts that the tool itself puts around a system."""

_SHOWN_ALWAYS = ("model", "dataset", "prompt", "tool", "store", "service")


def graph_of(facts: Mapping[str, Any]) -> Graph:
    """Return the picture of what a manifest declares."""
    kinds = _kinds(facts)
    arrows = tuple(_arrows(facts))
    ends = [end for each in arrows for end in (each.source, each.target)]
    declared = [row["id"] for table in _SHOWN_ALWAYS for row in facts.get(table, ())]
    keys = list(dict.fromkeys([*ends, *declared]))
    zones = _zones(keys, kinds, arrows)
    parts = tuple(_part(each, kinds, zones) for each in keys)
    return Graph(parts, arrows, INSIDE)


def _part(key: str, kinds: Mapping[str, tuple[Kind, str]], zones: Mapping[str, str]) -> Part:
    kind, note = kinds.get(key, ("component" if key in _OURS else "actor", ""))
    return Part(key, key, kind, zones[key], note)


def _kinds(facts: Mapping[str, Any]) -> dict[str, tuple[Kind, str]]:
    """Return the kind of each declared id and a note about it; an id in two tables is what comes first."""
    found: dict[str, tuple[Kind, str]] = {}
    for table, kind in _TABLES:
        for row in facts.get(table, ()):
            shown: Kind = "hosted model" if table == "model" and "endpoint" in row else kind
            found.setdefault(row["id"], (shown, _about(row)))
    return found


def _about(row: Mapping[str, Any]) -> str:
    if "supplier" in row:
        return f"by {row['supplier']}"
    if "sensitivity" in row:
        return f"{row['sensitivity']}{', personal' if row.get('personal') else ''}"
    return str(row.get("effect", ""))


def _arrows(facts: Mapping[str, Any]) -> Iterator[Arrow]:
    """Yield the flows, those with the same ends and boundary as one, and then the relations."""
    flows: dict[tuple[str, str, str | None], list[str]] = {}
    for each in facts.get("flow", ()):
        flows.setdefault((each["from"], each["to"], each.get("crosses")), []).extend(each["carries"])
    for number, ((source, target, crosses), carried) in enumerate(flows.items(), start=1):
        yield Arrow(f"F{number}", source, target, ", ".join(dict.fromkeys(carried)), "flow", crosses)
    for number, (source, target, label) in enumerate(dict.fromkeys(_relations(facts)), start=1):
        yield Arrow(f"R{number}", source, target, label, "relation")


def _relations(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for model in facts.get("model", ()):
        yield from ((dataset, model["id"], "trains") for dataset in model.get("trained-from", ()))
    yield from ((each["id"], each["model"], "instructs") for each in facts.get("prompt", ()) if "model" in each)
    for service in facts.get("service", ()):
        for grant in service.get("may", ()):
            verb, _, about = grant.partition(":")
            yield service["id"], about, "may call" if verb == "call" else "may use"


def _zones(keys: list[str], kinds: Mapping[str, tuple[Kind, str]], arrows: tuple[Arrow, ...]) -> dict[str, str]:
    sets = _Sets(keys)
    for each in arrows:
        # A prompt is ours although the model that it instructs is somebody else's.
        if each.crosses is None and (each.way == "flow" or each.label != "instructs"):
            sets.join(each.source, each.target)
    groups = sets.groups()
    crossed: dict[str, set[str]] = {}
    for each in arrows:
        if each.crosses is not None:
            for end in (each.source, each.target):
                crossed.setdefault(sets.of(end), set()).add(each.crosses)
    inside = max(groups, key=lambda name: (sum(_is_ours(key, kinds) for key in groups[name]), -keys.index(name)), default="")
    names = {name: INSIDE if name == inside or name not in crossed else f"beyond {' and '.join(sorted(crossed[name]))}" for name in groups}
    hosted = {name for name, members in groups.items() if all(key in kinds and kinds[key][0] == "hosted model" for key in members)}
    elsewhere = next((names[name] for name in groups if name in hosted and name in crossed), "at a supplier")
    names |= {name: elsewhere for name in hosted if name not in crossed and name != inside}
    return {key: names[sets.of(key)] for key in keys}


def _is_ours(key: str, kinds: Mapping[str, tuple[Kind, str]]) -> bool:
    return key in _OURS or (key in kinds and kinds[key][0] not in {"hosted model", "people"})


class _Sets:
    """Sets of keys that are joined: each is named by its member that comes first."""

    def __init__(self, keys: list[str]) -> None:
        self._place = {key: number for number, key in enumerate(keys)}
        self._above = {key: key for key in keys}

    def of(self, key: str) -> str:
        """Return the name of the key's set."""
        while self._above[key] != key:
            self._above[key] = self._above[self._above[key]]
            key = self._above[key]
        return key

    def join(self, one: str, other: str) -> None:
        """Make one set of two."""
        first, second = sorted((self.of(one), self.of(other)), key=self._place.__getitem__)
        self._above[second] = first

    def groups(self) -> dict[str, list[str]]:
        """Return the members of each set, by name."""
        found: dict[str, list[str]] = {}
        for key in self._above:
            found.setdefault(self.of(key), []).append(key)
        return found

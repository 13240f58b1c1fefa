"""A threat model of OWASP Threat Dragon (version 2, JSON).

What it does: actors become outside actors, processes services, stores stores, and flows flows with what they cross.
Threats stay where they are: they are modelled anew from the manifest.

Why it matters: who has drawn the data flows once does not draw them twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tetrapylon.app.drafting.part import Part, Pieces, Ref, Value, found, guessed
from tetrapylon.app.reading import rows, table, text

_TABLES = {"tm.Actor": "actor", "tm.Process": "service", "tm.Store": "store"}
_SHAPES = {"actor": "tm.Actor", "process": "tm.Process", "store": "tm.Store", "flow": "tm.Flow"}


def recognises(documents: Mapping[str, Any]) -> bool:
    """Return whether this is such a model."""
    return any(isinstance(table(each, "detail").get("diagrams"), list) for each in documents.values())


def pieces(documents: Mapping[str, Any], source: str, there: Callable[[str], bool]) -> Pieces:
    """Return what the diagrams show."""
    del there
    (document,) = documents.values()
    cells = [
        (number, each) for number, one in enumerate(rows(table(document, "detail").get("diagrams"))) for each in rows(one.get("cells"))
    ]
    parts = [part for number, each in cells if (part := _part(number, each, source))]
    flows = [part for number, each in cells if (part := _flow(number, each, source))]
    summary = table(document, "summary")
    title, owner = text(summary.get("title")), text(summary.get("owner"))
    system = {"purpose": guessed(title, f"the title in {source}")} if title else {}
    todos = (f"declare the owner as a `[[person]]`: {owner} ({source})",) if owner else ()
    return Pieces((*parts, *flows), system, todos)


def _kind(cell: Mapping[str, Any]) -> str:
    return text(table(cell, "data").get("type")) or _SHAPES.get(text(cell.get("shape")), "")


def _name(cell: Mapping[str, Any]) -> str:
    shown = text(table(cell, "attrs", "text").get("text")) or text(table(cell, "attrs", "label").get("text"))
    return text(table(cell, "data").get("name")) or shown


def _part(number: int, cell: Mapping[str, Any], source: str) -> Part | None:
    kind = _TABLES.get(_kind(cell))
    key = text(cell.get("id"))
    if kind is None or not key or table(cell, "data").get("outOfScope") is True:
        return None
    values: dict[str, Value] = {}
    if kind == "store":
        secret = table(cell, "data").get("storesCredentials") is True
        values["sensitivity"] = (
            found("restricted", f"{source}: it stores credentials") if secret else guessed("internal", "say who may see it")
        )
    return Part(kind, f"td:{number}:{key}", _name(cell) or kind, values, found("", source), tuple(_description(cell)))


def _description(cell: Mapping[str, Any]) -> Iterator[str]:
    said = text(table(cell, "data").get("description"))
    if said:
        yield f"it is described as: {said[:300]}"


def _flow(number: int, cell: Mapping[str, Any], source: str) -> Part | None:
    ends = [text(table(cell, end).get("cell")) for end in ("source", "target")]
    if _kind(cell) != "tm.Flow" or not all(ends) or table(cell, "data").get("outOfScope") is True:
        return None
    values = {
        "from": found(Ref(f"td:{number}:{ends[0]}"), source),
        "to": found(Ref(f"td:{number}:{ends[1]}"), source),
        "carries": guessed(["data"], f"named `{_name(cell)[:80]}` in {source}"),
    }
    if table(cell, "data").get("isPublicNetwork") is True:
        values["crosses"] = found("internet", f"{source}: a public network")
    return Part("flow", f"td:flow:{number}:{text(cell.get('id'))}", _name(cell), values, found("", source))

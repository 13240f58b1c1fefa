"""The data-flow graph as text that others draw: Mermaid and DOT. Nothing is sent anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.design.threats.element import Element
from tetrapylon.design.threats.model import ThreatModel

_OPEN = {"actor": ("([", "])"), "store": ("[(", ")]"), "dataset": ("[(", ")]"), "journal": ("[(", ")]")}
_PLAIN = frozenset(" -_.,:/()")


def mermaid(model: ThreatModel) -> Iterator[str]:
    """Yield the graph as a Mermaid flow chart; a dashed arrow is implied, a thick one crosses a boundary of trust."""
    names = {each.key: f"n{number}" for number, each in enumerate(model.elements)}
    yield "flowchart LR"
    for number, (zone, members) in enumerate(_zones(model).items()):
        if zone:
            yield f'  subgraph z{number}["{_entity(zone)}"]'
        for each in members:
            opening, closing = _OPEN.get(each.kind, ("[", "]"))
            yield f'    {names[each.key]}{opening}"{_entity(_label(model, each))}"{closing}'
        if zone:
            yield "  end"
    for flow in model.flows:
        arrow = "==>" if flow.boundaries else "-->" if flow.how == "declared" else "-.->"
        label = f'|"{_entity(", ".join(flow.carries))}"|' if flow.carries else ""
        yield f"  {names[flow.source]} {arrow}{label} {names[flow.target]}"


def dot(model: ThreatModel) -> Iterator[str]:
    """Yield the graph in the language of Graphviz."""
    names = {each.key: f"n{number}" for number, each in enumerate(model.elements)}
    yield "digraph system {"
    yield "  rankdir=LR; node [shape=box];"
    for number, (zone, members) in enumerate(_zones(model).items()):
        if zone:
            yield f'  subgraph cluster_{number} {{ label="{_quoted(zone)}"; style=dashed;'
        for each in members:
            yield f'    {names[each.key]} [label="{_quoted(_label(model, each))}"];'
        if zone:
            yield "  }"
    for flow in model.flows:
        style = "bold" if flow.boundaries else "solid" if flow.how == "declared" else "dashed"
        yield f'  {names[flow.source]} -> {names[flow.target]} [label="{_quoted(", ".join(flow.carries))}", style={style}];'
    yield "}"


def _zones(model: ThreatModel) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for each in model.elements:
        found.setdefault(each.zone, []).append(each)
    return dict(sorted(found.items()))


def _label(model: ThreatModel, element: Element) -> str:
    threats = model.by_about.get(element.key, ())
    worst = f" ({threats[0].severity}: {len(threats)})" if threats else ""
    return f"{element.kind}: {element.id}{worst}"


def _entity(text: str) -> str:
    """Return the text with everything that could mean something in Mermaid as a numbered entity."""
    return "".join(each if each.isalnum() or each in _PLAIN else f"#{ord(each)};" for each in text)


def _quoted(text: str) -> str:
    safe = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)
    return safe.replace("\\", "\\\\").replace('"', '\\"')

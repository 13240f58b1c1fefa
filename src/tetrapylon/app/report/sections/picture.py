"""The data-flow picture: parts, flows, boundaries of trust and threats; and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence

from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Element, Node, h
from tetrapylon.app.report.picture.draw import draw
from tetrapylon.app.report.picture.graph import Arrow, Graph, Mark, Part
from tetrapylon.app.report.pieces import NOTHING, Section, code, folded, table


def section(report: Report) -> Section:
    """Return the section."""
    shown = report.pictures
    if shown is None or not shown.running.parts:
        return Section("picture", "Data flows", [h("p", "The manifest declares nothing that data could flow between.")], "empty")
    body: list[Node] = [*_drawn(report, shown.running, "running", "The running system"), _legend()]
    body.append(folded(["The running system as tables"], _parts(shown.running), _arrows(shown.running)))
    if not report.facts.get("flow"):
        body.insert(0, h("p", "No flow is declared: add ", code("[[flow]]"), " to the manifest to say who sends what to whom."))
    if shown.making.arrows:
        body += _drawn(report, shown.making, "making", "How it is built, changed and supplied")
        body.append(folded(["The same as tables"], _parts(shown.making), _arrows(shown.making)))
    return Section("picture", "Data flows", body, f"{shown.running.whole or len(shown.running.parts)} parts")


def _drawn(report: Report, graph: Graph, name: str, title: str) -> list[Node]:
    zones = len(dict.fromkeys(each.zone for each in graph.parts))
    crossing = sum(each.crosses is not None for each in graph.arrows)
    said = f"{len(graph.parts)} parts in {zones} zones of trust, {len(graph.arrows)} flows, of which {crossing} cross a boundary of trust."
    if graph.whole:
        said = f"{graph.whole} parts, drawn by groups: what is of one kind in one zone is one box. {said}"
    full = f"{title}: data flows of {report.facts['system']['id']}"
    drawing = h("div", draw(graph, name, full, said), class_="scroll drawing", tabindex=0, role="region", aria_label=full)
    return [h("h3", title), h("p", said, class_="quiet"), drawing]


def _legend() -> Element:
    said = (
        ("square", "square corners: people and companies"),
        ("round", "round corners: works with data"),
        ("kept", "between two lines: what is kept"),
        ("flow", "full line: a declared flow"),
        ("relation", "dotted line: follows from something else in the manifest"),
        ("crossing", "thick line: crosses a boundary of trust"),
        ("zone", "dashed frame: a zone of trust"),
        ("none", "threats: ⚠ open, nothing is decided; claimed, what answers them is not proven; ✓ settled"),
    )
    return h("ul", *(h("li", h("span", class_=f"key k-{name}", aria_hidden="true"), text) for name, text in said), class_="legend")


def _marked(marks: Sequence[Mark]) -> str:
    still = ", ".join(each.id for each in marks if each.open)
    counts = ((name, sum(each.standing == name for each in marks)) for name in ("claimed", "settled"))
    said = [f"open: {still}"] if still else []
    return "; ".join([*said, *(f"{number} {name}" for name, number in counts if number)]) or NOTHING


def _parts(graph: Graph) -> Element:
    rows = [_part(each, graph.marks.get(each.key, ())) for each in graph.parts]
    return table("Parts", ("part", "kind", "data that reaches it", "zone of trust", "threats"), rows)


def _part(part: Part, marks: Sequence[Mark]) -> list[Node]:
    return [part.label, part.kind, part.note or NOTHING, part.zone, _marked(marks)]


def _arrows(graph: Graph) -> Element:
    labels = {each.key: each.label for each in graph.parts}
    rows = [_arrow(each, labels, graph.marks.get(each.number, ())) for each in graph.arrows]
    return table("Flows", ("number", "from", "to", "what", "crosses", "threats"), rows)


def _arrow(arrow: Arrow, labels: dict[str, str], marks: Sequence[Mark]) -> list[Node]:
    return [arrow.number, labels[arrow.source], labels[arrow.target], arrow.label, arrow.crosses or NOTHING, _marked(marks)]

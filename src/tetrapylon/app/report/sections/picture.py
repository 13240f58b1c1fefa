"""The data-flow picture: parts, flows, boundaries of trust and threats; and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence

from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Element, Node, h
from tetrapylon.app.report.picture.draw import draw
from tetrapylon.app.report.picture.graph import Arrow, Graph, Mark, Part
from tetrapylon.app.report.pieces import NOTHING, Section, folded, table


def section(report: Report) -> Section:
    """Return the section."""
    graph = report.graph
    if not graph.parts:
        return Section("picture", "Data flows", [h("p", "The manifest declares nothing that data could flow between.")], "empty")
    title = f"Data flows of {report.facts['system']['id']}"
    zones = len(dict.fromkeys(each.zone for each in graph.parts))
    said = f"{len(graph.parts)} parts in {zones} zones of trust, {len(graph.arrows)} flows and relations; the table below says the same."
    body: list[Node] = [
        h("p", said, class_="quiet"),
        h("div", draw(graph, title, said), class_="scroll drawing", tabindex=0, role="region", aria_label=title),
        _legend(),
        folded(["The same as tables"], _parts(graph), _arrows(graph)),
    ]
    if not any(each.way == "flow" for each in graph.arrows):
        body.insert(1, h("p", "No flow is declared: add `[[flow]]` tables to the manifest to see who sends what to whom."))
    return Section("picture", "Data flows", body, f"{len(graph.parts)} parts")


def _legend() -> Element:
    said = (
        ("square", "square corners: outside the system"),
        ("round", "round corners: works with data"),
        ("kept", "between two lines: data that is kept"),
        ("flow", "full line: a flow"),
        ("crossing", "thick broken line: a flow across a boundary of trust"),
        ("relation", "dotted line: a relation (trains, instructs, may call)"),
        ("zone", "dashed frame: parts that trust each other"),
    )
    return h("ul", *(h("li", h("span", class_=f"key k-{name}", aria_hidden="true"), text) for name, text in said), class_="legend")


def _marked(marks: Sequence[Mark]) -> str:
    still = [each.id for each in marks if each.open]
    return f"{len(marks)}, of them open: {', '.join(still)}" if still else str(len(marks))


def _parts(graph: Graph) -> Element:
    rows = [_part(each, graph.marks.get(each.key, ())) for each in graph.parts]
    return table("Parts", ("part", "kind", "about", "zone of trust", "threats"), rows)


def _part(part: Part, marks: Sequence[Mark]) -> list[Node]:
    return [part.label, part.kind, part.note or NOTHING, part.zone, _marked(marks)]


def _arrows(graph: Graph) -> Element:
    labels = {each.key: each.label for each in graph.parts}
    rows = [_arrow(each, labels, graph.marks.get(each.number, ())) for each in graph.arrows]
    return table("Flows and relations", ("number", "from", "to", "carries, or is", "crosses", "threats"), rows)


def _arrow(arrow: Arrow, labels: dict[str, str], marks: Sequence[Mark]) -> list[Node]:
    return [arrow.number, labels[arrow.source], labels[arrow.target], arrow.label, arrow.crosses or NOTHING, _marked(marks)]

"""The bill of materials: how complete it is, cluster by cluster, with the reason for each element that is unknown."""

from __future__ import annotations

from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Element, Node, h
from tetrapylon.app.report.pieces import NOTHING, Section, code, folded, prose, slug, table
from tetrapylon.develop.records.elements import Cluster
from tetrapylon.develop.records.field import ORIGINS, Origin

MEANINGS: dict[Origin, str] = {
    "measured": "from bytes, or by an assessment",
    "derived": "from the manifest, or from other fields",
    "declared": "by a person",
    "unknown": "nobody said, and the bill says so",
}
SIGNS: dict[Origin, str] = {"measured": "✓", "derived": "=", "declared": "“", "unknown": "?"}


def section(report: Report) -> Section:
    """Return the section."""
    bill = report.bill
    if bill is None:
        body: list[Node] = [h("p", "No bill of materials could be read. ", code("tetrapylon develop record"), " writes one.")]
        return Section("bill", "Bill of materials", body, "none")
    every = sum(len(each.elements) for each in bill.clusters)
    known = every - sum(each.count("unknown") for each in bill.clusters)
    signed = (
        prose(f"record {bill.signed} of the log holds exactly this bill, about exactly these files") if bill.signed is not None else "no"
    )
    body = [
        h(
            "p",
            code(bill.name),
            f" lists {bill.components} components. {known} of {every} minimum elements have a value; signed: ",
            signed,
            ".",
        ),
        table("Completeness by cluster", ("cluster", "share", *ORIGINS), (_cluster(each) for each in bill.clusters), "bill"),
        h("ul", *(h("li", h("strong", f"{SIGNS[name]} {name}"), f": {said}") for name, said in MEANINGS.items()), class_="legend"),
        folded(["Every element, with where it is from or why it is unknown"], _elements(bill.clusters)),
        h("p", "Whether the file still says what is true: ", code("tetrapylon develop record --check"), "."),
    ]
    return Section("bill", "Bill of materials", body, f"{known} of {every}")


def _cluster(each: Cluster) -> list[Node]:
    return [each.name, _bar(each), *(str(each.count(name) or NOTHING) for name in ORIGINS)]


def _bar(each: Cluster) -> Element:
    counts = [(name, each.count(name)) for name in ORIGINS if each.count(name)]
    said = ", ".join(f"{number} {name}" for name, number in counts)
    parts = (h("span", SIGNS[name], class_=f"o-{slug(name)}", style=f"flex-grow:{number}") for name, number in counts)
    return h("div", *parts, class_="bar thin", role="img", aria_label=said or "nothing")


def _elements(clusters: tuple[Cluster, ...]) -> Element:
    rows = (
        [one.name, each.name, f"{SIGNS[one.state]} {one.state}", prose(one.reason) or NOTHING] for each in clusters for one in each.elements
    )
    return table("Minimum elements", ("element", "cluster", "state", "where it is from, or why it is unknown"), rows)

"""What this page cannot prove, and how to check what it says."""

from __future__ import annotations

from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Node, h
from tetrapylon.app.report.pieces import Section, code, listed, row
from tetrapylon.posture.passport import CANNOT_PROVE


def section(report: Report) -> Section:
    """Return the section."""
    del report
    steps: list[Node] = [
        row(code("tetrapylon log verify"), "— every record, every signature, the checkpoint"),
        row(code("tetrapylon gate --at TIME"), "— the decision of that time, made again from its evidence"),
        row(code("tetrapylon explain PRACTICE"), "— what is asked, the state, the records it rests on"),
        row(code("tetrapylon verify PASSPORT --trust FILE"), "— for a customer, offline, with a root of trust that came another way"),
    ]
    return Section(
        "checking",
        "How to check this page",
        [
            h("p", "This page is a view, and nobody has signed it. What it says follows from the log, which is signed:"),
            listed(steps),
            h("h3", "What it cannot prove"),
            listed(each.replace("this passport", "this page") for each in CANNOT_PROVE),
        ],
    )

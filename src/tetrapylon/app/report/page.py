"""The page: heading, contents and sections in one self-contained file that asks nobody for anything."""

from __future__ import annotations

from collections.abc import Sequence

from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Element, Node, Style, document, h
from tetrapylon.app.report.pieces import Section, time, verdict
from tetrapylon.app.report.sections import bill, board, checking, decision, evidence, exceptions, picture, summary, threats
from tetrapylon.kernel.shelf import package_text

GENERATOR = "tetrapylon report"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
DEMO = "DEMONSTRATION: no person signed this"

SECTIONS = (summary, picture, threats, board, decision, evidence, bill, exceptions, checking)
"""The sections of the page, in order."""


def report_page(report: Report) -> bytes:
    """Return the report as one HTML file; the same report gives the same bytes."""
    system = report.facts["system"]
    sections = [each.section(report) for each in SECTIONS]
    heading = Heading(f"{system['id']} {system['release']}", report.time, report.now.decision["verdict"], demo=report.now.decision["demo"])
    return whole_page(heading, sections)


class Heading:
    """What stands at the top of a page and stays there."""

    def __init__(self, name: str, when: str, said: str | None, *, demo: bool) -> None:
        self.name = name
        self.when = when
        self.said = said
        self.demo = demo


def whole_page(heading: Heading, sections: Sequence[Section], title: str = "") -> bytes:
    """Return a page of these sections."""
    title = title or f"Security posture of {heading.name}"
    banner = h("p", DEMO, class_="demo", role="note") if heading.demo else None
    body = h(
        "body",
        h("a", "Skip to the contents", href="#main", class_="skip"),
        h(
            "header",
            h("span", heading.name, class_="system"),
            verdict(heading.said) if heading.said else None,
            time(heading.when),
            class_="top",
        ),
        banner,
        h(
            "div",
            _contents(sections),
            h("main", h("h1", title), *(each.element() for each in sections), id="main"),
            class_="frame",
        ),
        h(
            "footer",
            h(
                "p",
                f"Written by Tetrapylon from the evidence at {heading.when}. Evidence for a practice is not a promise about the system.",
            ),
        ),
    )
    return document(h("html", _head(title), body, lang="en"))


def _head(title: str) -> Element:
    metas: list[Node] = [
        h("meta", charset="utf-8"),
        h("meta", http_equiv="Content-Security-Policy", content=POLICY),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("meta", name="generator", content=GENERATOR),
        h("meta", name="referrer", content="no-referrer"),
        h("meta", name="color-scheme", content="light dark"),
    ]
    return h("head", *metas, h("title", title), Style(package_text("tetrapylon.app.report", "report.css")))


def _contents(sections: Sequence[Section]) -> Element:
    items = [
        h("li", h("a", each.title, href=f"#{each.anchor}"), h("span", each.note, class_="note") if each.note else None) for each in sections
    ]
    return h("nav", h("h2", "Contents", id="contents"), h("ul", *items), aria_labelledby="contents", class_="contents")

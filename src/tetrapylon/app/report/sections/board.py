"""The board: four pillars, their guidelines, and every practice with state, age of the evidence, effort and next command."""

from __future__ import annotations

from tetrapylon.app.board import Guideline, Pillar, Row
from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Element, Node, h
from tetrapylon.app.report.pieces import NOTHING, Section, bar, command, folded, prose, row, state, table


def section(report: Report) -> Section:
    """Return the section."""
    body: list[Node] = [h("p", "What is planned, or not in the profile, is not assessed: it is never counted as PASS.", class_="quiet")]
    body += [_pillar(report, each) for each in report.pillars]
    return Section("board", "Posture board", body, f"{sum(each.state == 'PASS' for each in report.rows)} PASS")


def _pillar(report: Report, pillar: Pillar) -> Element:
    counts = ", ".join(f"{number} {name}" for name, number in pillar.counts.items())
    return h(
        "section",
        h("h3", pillar.title, id=f"pillar-{pillar.name}"),
        bar(pillar.counts),
        h("p", f"{len(pillar.rows)} practices: {counts}", class_="quiet"),
        *(_guideline(report, each) for each in pillar.guidelines if each.rows),
        class_="pillar",
    )


def _guideline(report: Report, guideline: Guideline) -> Element:
    body: list[Node] = []
    if guideline.assessed:
        heads = ("practice", "state", "why", "evidence", "origin", "effort", "next")
        body.append(table(f"{guideline.id} {guideline.title}", heads, (_row(report, each) for each in guideline.assessed), "board"))
    if guideline.left_out:
        items = h("ul", *(_left_out(each) for each in guideline.left_out), class_="plain")
        body.append(folded([state("not assessed"), f" {len(guideline.left_out)} practices"], items))
    return h("div", h("h4", f"{guideline.id} · {guideline.title}"), *body, class_="guideline")


def _row(report: Report, each: Row) -> list[Node]:
    name = h("span", h("span", each.id, class_="id"), h("span", each.title, class_="title"), id=f"p-{each.id}", class_="practice")
    records = ", ".join(str(index) for index in each.records[:6]) + (" …" if len(each.records) > 6 else "")  # noqa: PLR2004 - as many as fit
    evidence = row(
        each.age and f"{each.age} old" if each.age not in {"now", "ahead"} else each.age,
        records and h("span", f"records {records}", class_="quiet"),
    )
    origin = report.origins.get(each.id, "") if each.records or report.origins.get(each.id) == "recomputed here" else ""
    todo = (each.effort or NOTHING, command(each.next)) if each.state != "NOT APPLICABLE" else (NOTHING, NOTHING)
    return [name, state(each.state), prose(each.reason), evidence, origin or NOTHING, *todo]


def _left_out(each: Row) -> Element:
    effort = f"; {each.effort}" if each.effort else ""
    said = h("span", "— ", prose(each.reason), effort, class_="quiet")
    return h("li", h("span", each.id, class_="id"), " ", each.title, " ", said, id=f"p-{each.id}")

"""What can go wrong: each threat with its reason, what is decided about it, and whether the practices that answer it are proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Element, Node, h
from tetrapylon.app.report.pieces import NOTHING, Section, code, folded, prose, state, table
from tetrapylon.design.threats.model import CHOICES, Closed, Threat, ThreatModel
from tetrapylon.system.finding import SEVERITIES

MOST = 200
"""Rows of one table; a larger system's threats are listed by `tetrapylon design threats`."""


def section(report: Report) -> Section:
    """Return the section."""
    model = report.threats
    if model is None:
        return Section("threats", "Threats", [h("p", "The threat model could not be made: see the summary.")], "not shown")
    undecided = list(model.undecided)
    rest = [each for each in model.threats if each.decided.choice != "undecided"]
    claimed = sum(bool(each.decided.claimed) for each in model.threats)
    body: list[Node] = [
        h("p", f"{len(model.threats)} threats are kept and {len(model.closed)} were looked at and closed, each with its reason."),
        _counted(model),
        h("p", f"Of the mitigated, {claimed} are claimed: a practice that answers them is not proven by live evidence.") if claimed else "",
        h("h3", f"Nothing decided: {len(undecided)}"),
        _table("Threats about which nothing is decided", undecided) if undecided else h("p", "Every threat that is kept has a decision."),
    ]
    if rest:
        body.append(folded([f"Decided: {len(rest)}"], _table("Threats with a decision", rest)))
    if model.closed:
        body.append(folded([f"Looked at and closed: {len(model.closed)}"], _closed(model.closed), printed=False))
    return Section("threats", "Threats", body, f"{len(undecided)} undecided")


def _counted(model: ThreatModel) -> Element:
    counts = Counter((each.severity, each.decided.choice) for each in model.threats)
    rows = [
        [name, *(str(counts[name, choice] or NOTHING) for choice in CHOICES)]
        for name in SEVERITIES
        if any(counts[name, each] for each in CHOICES)
    ]
    return table("Threats by severity and decision", ("severity", *CHOICES), rows)


def _table(caption: str, threats: Sequence[Threat]) -> Element:
    heads = ("threat", "severity", "why it is kept", "decision", "answered by")
    found = table(caption, heads, (_row(each) for each in threats[:MOST]))
    return h("div", found, _more(len(threats)))


def _more(number: int) -> Element | None:
    return h("p", f"… and {number - MOST} more: ", code("tetrapylon design threats"), class_="quiet") if number > MOST else None


def _row(each: Threat) -> list[Node]:
    named = ", ".join((*each.rule.atlas, *each.rule.owasp))
    name = h(
        "span", h("span", prose(each.title), class_="title"), h("br"), h("span", f"{each.id} · {named}", class_="quiet fine"), id=each.id
    )
    who = f"{each.decided.choice}, by {each.decided.by}" if each.decided.by else each.decided.choice
    until = f" until {each.decided.expires}" if each.decided.expires else ""
    decision = h("span", h("strong", f"{who}{until}"), ": ", prose(each.decided.reason))
    answers = h("ul", *(h("li", every.practice, " ", state(every.state)) for every in each.decided.mitigations), class_="bare")
    return [name, f"{each.severity} ({each.score})", prose(each.reason), decision, answers if each.decided.mitigations else NOTHING]


def _closed(closed: Sequence[Closed]) -> Element:
    rows = ([each.name, each.about, prose(each.reason)] for each in closed[:MOST])
    return h("div", table("Closed threats", ("threat", "about", "why it does not apply"), rows), _more(len(closed)))

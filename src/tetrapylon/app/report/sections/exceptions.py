"""Exceptions: who took which risk, why, and until when."""

from __future__ import annotations

from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.html import Node, h
from tetrapylon.app.report.pieces import Section, table, time
from tetrapylon.app.report.waivers import Exemption


def section(report: Report) -> Section:
    """Return the section."""
    if not report.exemptions:
        return Section("exceptions", "Exceptions", [h("p", "No waiver is in the log.")], "none")
    heads = ("practice", "standing", "about", "owner", "reason", "signed", "ends", "record")
    valid = sum(each.standing == "valid" for each in report.exemptions)
    return Section("exceptions", "Exceptions", [table("Waivers", heads, (waiver(each) for each in report.exemptions))], f"{valid} valid")


def waiver(each: Exemption) -> list[Node]:
    """Return the row of one waiver."""
    about = ", ".join(each.subjects)
    return [
        each.practice,
        h("strong", each.standing),
        about,
        each.owner,
        each.reason,
        time(each.since),
        time(each.expires),
        str(each.record),
    ]

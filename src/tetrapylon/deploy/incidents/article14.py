"""Drafts of the reports that Article 14 of the Cyber Resilience Act (Regulation (EU) 2024/2847) asks a manufacturer for.

Two tracks: an actively exploited vulnerability of the product, or a severe incident that bears on its security. Each has an
early warning within 24 hours of becoming aware and a notification within 72 hours; the final report is due 14 days after a
corrective measure is available (vulnerability) or one month after the notification (incident). A person sends them, not this.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import datetime, timedelta

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.clock import format_time, parse_time

OPEN = "TO BE FILLED IN"
"""What stands where a person has to write."""

FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "vulnerability": {
        "early warning": ("product", "memberStates"),
        "notification": ("nature", "exploit", "measuresTaken", "measuresForUsers", "sensitivity"),
        "final report": ("severityAndImpact", "maliciousActor", "securityUpdate"),
    },
    "incident": {
        "early warning": ("product", "memberStates", "unlawfulOrMalicious"),
        "notification": ("nature", "initialAssessment", "measuresTaken", "measuresForUsers", "sensitivity"),
        "final report": ("severityAndImpact", "rootCause", "measuresOngoing"),
    },
}
"""What each report has to say, by track; each later report holds what the earlier ones said, as far as it changed."""


def clocks(track: str, aware: str, *, notified: str | None = None, fixed: str | None = None) -> list[dict[str, Json]]:
    """Return what is due by when, counted from becoming aware; the last clock starts only with what it counts from."""
    start = parse_time(aware)
    due: list[dict[str, Json]] = [
        {"what": "early warning", "due": format_time(start + timedelta(hours=24))},
        {"what": "notification", "due": format_time(start + timedelta(hours=72))},
    ]
    if track == "vulnerability":
        final = format_time(parse_time(fixed) + timedelta(days=14)) if fixed else "14 days after a corrective measure is available"
    else:
        final = format_time(_month_later(parse_time(notified))) if notified else format_time(_month_later(start + timedelta(hours=72)))
    return [*due, {"what": "final report", "due": final}]


def _month_later(moment: datetime) -> datetime:
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)  # noqa: PLR2004 - December
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def draft(track: str, incident: Mapping[str, Json]) -> dict[str, Json]:
    """Return a draft: what is known is filled in, the rest is said to be open."""
    known = {
        "product": f"{incident['system']} {incident['release']}",
        "nature": incident["what"],
        "measuresTaken": "; ".join(incident.get("measures", ())) or OPEN,
    }
    reports = {name: {field: known.get(field, OPEN) for field in fields} for name, fields in FIELDS[track].items()}
    return {
        "schema": "tetrapylon/article-14/1",
        "incident": incident["id"],
        "track": track,
        "aware": incident["at"],
        "authority": incident.get("authority") or OPEN,
        "evidence": incident.get("evidence", OPEN),
        "clocks": clocks(track, str(incident["at"])),
        "reports": reports,
    }


def lacking(report: Json) -> list[str]:
    """Return what a draft does not say yet.

    Raises:
        UsageError: it is no such draft (`not-a-draft`).
    """
    if not isinstance(report, dict) or report.get("schema") != "tetrapylon/article-14/1" or report.get("track") not in FIELDS:
        raise UsageError("this is no draft of a report", hint="start from the one that `open` wrote", code="not-a-draft")
    said = report.get("reports")
    said = said if isinstance(said, dict) else {}
    missing = [
        f"{name}: {field}"
        for name, fields in FIELDS[report["track"]].items()
        for field in fields
        if not _filled(said.get(name, {}).get(field) if isinstance(said.get(name), dict) else None)
    ]
    return missing if _filled(report.get("authority")) else ["authority", *missing]


def _filled(value: Json) -> bool:
    return isinstance(value, str) and value.strip() not in {"", OPEN}


def markdown(report: Mapping[str, Json]) -> str:
    """Return the draft for people."""
    lines = [
        f"# Draft: {report['track']} report, Article 14 of Regulation (EU) 2024/2847",
        "",
        "A person checks, completes and sends this.",
        "",
    ]
    lines += [
        f"* incident: `{report['incident']}`",
        f"* aware since: {report['aware']}",
        f"* authority: {report['authority']}",
        f"* evidence: `{report['evidence']}`",
        "",
    ]
    lines += ["| Report | Due |", "|---|---|", *(f"| {each['what']} | {each['due']} |" for each in report["clocks"]), ""]
    for name, fields in report["reports"].items():
        lines += [f"## {name.capitalize()}", "", *(f"* **{field}**: {value}" for field, value in fields.items()), ""]
    return "\n".join(lines)

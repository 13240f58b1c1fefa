"""The report as plain data: `tetrapylon/report/1`."""

from __future__ import annotations

from typing import Any

from tetrapylon.app.board import Pillar
from tetrapylon.app.report.gather import Report


def report_object(report: Report) -> dict[str, Any]:
    """Return everything that the page shows."""
    decision = report.now.decision
    return {
        "schema": "tetrapylon/report/1",
        **{key: decision[key] for key in ("system", "profile", "timestamp", "demo", "verdict")},
        "log": {"size": decision["log"]["size"] - report.now.drafts, "drafts": report.now.drafts},
        "trust": report.fingerprint,
        "pillars": [_pillar(each) for each in report.pillars],
        "origins": dict(report.origins),
        "evidence": [each.as_json() for each in report.proofs.values()],
        "otherRecords": dict(report.others),
        "decision": _decision(report),
        "exceptions": [each.as_json() for each in report.exemptions],
        "picture": _picture(report),
        "unshown": list(report.unshown),
        "exit": int(report.exit),
    }


def _pillar(pillar: Pillar) -> dict[str, Any]:
    guidelines = [{"id": each.id, "title": each.title, "practices": [row.as_json() for row in each.rows]} for each in pillar.guidelines]
    return {"name": pillar.name, "title": pillar.title, "counts": pillar.counts, "guidelines": guidelines}


def _decision(report: Report) -> dict[str, Any] | None:
    last = report.recorded
    if last is None:
        return None
    found = {key: last.decision[key] for key in ("verdict", "profile", "timestamp", "system", "practices")}
    place = {"digest": last.place.digest, "record": last.place.index, "recordedAt": last.place.recorded_at}
    return {**found, **place, "same": last.same, "current": last.current, "verify": f"tetrapylon gate --decision {last.place.digest}"}


def _picture(report: Report) -> dict[str, Any]:
    graph = report.graph
    return {
        "parts": [{"id": each.key, "kind": each.kind, "about": each.note, "zone": each.zone} for each in graph.parts],
        "arrows": [
            {"number": each.number, "from": each.source, "to": each.target, "label": each.label, "way": each.way, "crosses": each.crosses}
            for each in graph.arrows
        ],
        "marks": {key: [{"threat": mark.id, "open": mark.open} for mark in marks] for key, marks in graph.marks.items()},
    }

"""The report as plain data: `tetrapylon/report/1`."""

from __future__ import annotations

from typing import Any

from tetrapylon.app.board import Pillar
from tetrapylon.app.report.gather import Report
from tetrapylon.app.report.picture.graph import Arrow, Graph


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
        "threats": _threats(report),
        "pictures": _pictures(report),
        "bill": report.bill.as_json() if report.bill else None,
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


def _pictures(report: Report) -> dict[str, Any] | None:
    if report.pictures is None:
        return None
    return {"running": _picture(report.pictures.running), "making": _picture(report.pictures.making)}


def _picture(graph: Graph) -> dict[str, Any]:
    return {
        "parts": [{"key": each.key, "label": each.label, "kind": each.kind, "data": each.note, "zone": each.zone} for each in graph.parts],
        "flows": [_flow(each) for each in graph.arrows],
        "threats": {key: [mark.id for mark in marks] for key, marks in graph.marks.items()},
        "grouped": bool(graph.whole),
    }


def _flow(each: Arrow) -> dict[str, Any]:
    found = {"number": each.number, "from": each.source, "to": each.target, "what": each.label}
    return {**found, "declared": each.way == "flow", "crosses": each.crosses, "both": each.both}


def _threats(report: Report) -> list[dict[str, Any]] | None:
    if report.threats is None:
        return None
    return [
        {
            "id": each.id,
            "name": each.name,
            "about": each.about,
            "title": each.title,
            "reason": each.reason,
            "severity": each.severity,
            "score": each.score,
            "decision": each.decided.choice,
            "why": each.decided.reason,
            "practices": {every.practice: every.state for every in each.decided.mitigations},
        }
        for each in report.threats.threats
    ]

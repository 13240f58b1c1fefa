"""The last recorded decision: what was decided, on what, why, and how anybody makes it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tetrapylon.app.report.gather import Recorded, Report
from tetrapylon.app.report.html import Element, Node, h
from tetrapylon.app.report.pieces import NOTHING, Section, code, facts, folded, prose, row, state, table, time, verdict


def section(report: Report) -> Section:
    """Return the section."""
    last = report.recorded
    if last is None:
        body: list[Node] = [h("p", "The log holds no decision yet. ", code("tetrapylon gate"), " decides and records one.")]
        return Section("decision", "Decision", body, "none yet")
    return Section("decision", "Decision", _body(last), last.decision["verdict"])


def _body(last: Recorded) -> list[Node]:
    decision = last.decision
    same = "made again for this report from the same evidence: the same bytes" if last.same else "could not be made again: integrity broken"
    about = "these files, byte for byte" if last.current else "another state of the files than the one on disk"
    pairs: list[tuple[str, Node]] = [
        ("Verdict", verdict(decision["verdict"])),
        ("Recorded", row(time(last.place.recorded_at), f"as log record {last.place.index}")),
        ("About", row(f"{decision['system']['id']} {decision['system']['release']}:", about)),
        ("Release digest", h("code", decision["system"]["digest"], class_="long")),
        ("Profile", code(decision["profile"])),
        ("Stood on", f"the first {decision['log']['size']} log records"),
        ("Checked", h("strong", same)),
        ("Decision", h("code", last.place.digest, class_="long")),
    ]
    again = code(f"tetrapylon gate --decision {last.place.digest}")
    return [
        facts(pairs),
        h(
            "p",
            "To make it again yourself: ",
            again,
            ". For somebody who does not trust this machine: ",
            code("tetrapylon passport"),
            ", then ",
            code("tetrapylon verify PASSPORT --trust FILE"),
            ".",
        ),
        folded([f"Reasons: {len(decision['practices'])} practices as they were decided"], _reasons(decision)),
        folded(
            ["What it stood on, by digest"],
            facts((name, h("code", str(found or "none"), class_="long")) for name, found in sorted(decision["basis"].items())),
        ),
    ]


def _reasons(decision: Mapping[str, Any]) -> Element:
    rows = [
        [each["id"], state(each["state"]), prose(each["reason"]), ", ".join(str(index) for index in each["evidence"]) or NOTHING]
        for each in decision["practices"]
    ]
    return table("Practices of the decision", ("practice", "state", "why", "log records"), rows)

"""What `tetrapylon debt` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, NAMES, TEXT, answer, rows

_MAYBE = {"type": ["string", "null"]}


SCHEMA = answer(
    "tetrapylon/debt/1",
    entries=rows(
        id=TEXT,
        detector=TEXT,
        what=TEXT,
        where=TEXT,
        severity={"enum": ["critical", "high", "medium", "low", "info"]},
        owner=_MAYBE,
        reason=_MAYBE,
        due=TEXT,
        risk=NAMES,
        firstSeen=TEXT,
        lacks=NAMES,
        overdue={"type": "boolean"},
    ),
    detectors=NAMES,
    trend={"type": "object", "required": ["since", "added", "paid"], "properties": {"since": _MAYBE, "added": NAMES, "paid": NAMES}},
    summary={"type": "object", "required": ["entries", "overdue", "overdueCritical", "incomplete", "bySeverity", "overBudget"]},
    unseen=NAMES,
    notes=NAMES,
    exit=EXIT,
)

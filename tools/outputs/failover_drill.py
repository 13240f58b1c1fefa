"""What `tetrapylon develop failover drill` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, EXIT, NAMES, TEXT, answer, rows

_FLAG = {"type": "boolean"}

SCHEMA = answer(
    "tetrapylon/failover-drill/1",
    drills=rows(
        model=TEXT,
        alternate=TEXT,
        trigger={"enum": ["security-status", "outage"]},
        switched=_FLAG,
        seconds={"type": "number"},
        unanswered=COUNT,
        guardsHeld=_FLAG,
        backSeconds={"type": ["number", "null"]},
        detail=NAMES,
    ),
    refused=NAMES,
    uncovered=NAMES,
    records={"type": "array", "items": {"type": ["integer", "null"]}},
    exit=EXIT,
)

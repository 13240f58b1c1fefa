"""What `tetrapylon posture` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, NAMES, ROW, SYSTEM, TIME, VERDICTS, answer, rows

SCHEMA = answer(
    "tetrapylon/posture/1",
    evidence=rows(predicate={"type": "string"}, subjects=NAMES, record={"type": ["integer", "null"]}, signed={"type": "boolean"}),
    refused=rows(file={"type": "string"}, why={"type": "string"}),
    where={"enum": ["log", "draft"]},
    system=SYSTEM,
    profile={"type": "string"},
    timestamp=TIME,
    practices=rows(**ROW, evidence={"type": "array", "items": {"type": "integer"}}),
    notAssessed=NAMES,
    demo={"type": "boolean"},
    verdict={"enum": VERDICTS},
    exit=EXIT,
)

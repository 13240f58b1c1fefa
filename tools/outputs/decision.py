"""What `tetrapylon decision` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, NAMES, ROW, SYSTEM, TIME, VERDICTS, answer, rows

SCHEMA = answer(
    "tetrapylon/decision/1",
    serialNumber={"type": "string"},
    timestamp=TIME,
    system=SYSTEM,
    demo={"type": "boolean"},
    log={"type": "object", "required": ["origin", "size", "root"]},
    basis={"type": "object", "required": ["catalogue", "policy", "manifest", "assets", "previous"]},
    profile={"type": "string"},
    practices=rows(**ROW, evidence={"type": "array", "items": {"type": "integer"}}, waiverExpired={"type": "boolean"}),
    notAssessed=NAMES,
    verdict={"enum": VERDICTS},
    exit=EXIT,
)

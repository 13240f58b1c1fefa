"""What `tetrapylon verify` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import DIGEST, EXIT, NAMES, ROW, SYSTEM, VERDICTS, answer, rows

SCHEMA = answer(
    "tetrapylon/verify/1",
    verdict={"enum": VERDICTS},
    system=SYSTEM,
    profile={"type": "string"},
    level={"enum": ["public", "customer", "regulator"]},
    trust={
        "type": "object",
        "required": ["fingerprint", "anchored"],
        "properties": {"fingerprint": DIGEST, "anchored": {"type": "boolean"}},
    },
    demo={"type": "boolean"},
    practices=rows(**ROW, origin={"type": "string"}),
    claims={"type": "integer"},
    records={"type": "integer"},
    withheld=rows(record={"type": "integer"}, why={"type": "string"}, predicate={"type": "string"}, practices=NAMES),
    cannotProve=NAMES,
    sentences=NAMES,
    exit=EXIT,
)

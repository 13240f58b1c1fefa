"""What `tetrapylon design suppliers list`, `show` and `check` print with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, DIGEST, EXIT, NAMES, TEXT, answer, rows

_SHARE = {"type": "number", "minimum": 0, "maximum": 1}

SCHEMA = answer(
    "tetrapylon/suppliers/1",
    subjects=rows(
        kind={"enum": ["lock", "model-hosted", "model-file", "supplier"]},
        id=TEXT,
        digest=DIGEST,
        supplier={"type": ["string", "null"]},
        score=_SHARE,
        limit=_SHARE,
        beforeFirstUse={"type": ["boolean", "null"]},
        checks=rows(
            check=TEXT,
            verdict={"enum": ["good", "bad", "open"]},
            by={"enum": ["measured", "answered", "nobody"]},
            weight=COUNT,
            why=TEXT,
        ),
        contradicted=NAMES,
        exit=EXIT,
    ),
    asked=rows(url=TEXT, status={"type": ["integer", "null"]}, why=TEXT),
    records={"type": "array", "items": COUNT},
    exit=EXIT,
)

"""What `tetrapylon records` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, NAMES, answer, rows

_COUNTS = {"type": "object", "required": ["measured", "derived", "declared", "unknown"], "additionalProperties": {"type": "integer"}}

_WRITTEN = {"enum": ["written", "unchanged", "current", "outdated", "drifted", "missing"]}


SCHEMA = answer(
    "tetrapylon/records/1",
    cards=rows(
        file={"type": "string"},
        kind={"enum": ["model-card", "data-card", "prompt-card"]},
        id={"type": "string"},
        state=_WRITTEN,
        differences=NAMES,
        missing=NAMES,
        fields=_COUNTS,
    ),
    bom={
        "type": "object",
        "required": ["file", "state", "differences", "problems", "components", "elements"],
        "properties": {"state": _WRITTEN, "problems": NAMES, "components": {"type": "integer"}, "elements": _COUNTS},
    },
    exit=EXIT,
)

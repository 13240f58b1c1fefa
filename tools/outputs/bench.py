"""What `tetrapylon bench` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, EXIT, TEXT, answer, rows

_VERDICT = {"enum": ["passed", "failed", "hold", "invalid"]}

SCHEMA = answer(
    "tetrapylon/bench/1",
    models=rows(
        model=TEXT,
        task=TEXT,
        cases=COUNT,
        items=COUNT,
        right=COUNT,
        errors=COUNT,
        accuracy={"type": ["number", "null"], "minimum": 0, "maximum": 1},
        interval={"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        floor={"type": "number"},
        baseline={"type": ["object", "null"]},
        regression={"type": ["object", "null"]},
        verdict=_VERDICT,
        reason=TEXT,
    ),
    cases=COUNT,
    verdict=_VERDICT,
    exit=EXIT,
)

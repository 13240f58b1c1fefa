"""What `tetrapylon operate monitor baseline`, `window` and `drill` print with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, NAMES, TEXT, answer, rows

_NUMBER = {"type": "number"}
_FLAG = {"type": "boolean"}

SCHEMA = answer(
    "tetrapylon/monitor/1",
    event={"enum": ["baseline", "window", "drill"]},
    baseline=TEXT,
    baselineBound=_FLAG,
    observations={"type": "integer"},
    silent=_FLAG,
    detail=NAMES,
    alarms=rows(
        key=TEXT,
        metric=TEXT,
        time=TEXT,
        before=_NUMBER,
        after=_NUMBER,
        cause={"enum": ["drift", "attack", "change", "tampering"]},
        why=TEXT,
    ),
    record={"type": ["integer", "null"]},
    exit=EXIT,
)

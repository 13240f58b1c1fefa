"""What `tetrapylon check` prints with `--json`."""

from __future__ import annotations

from typing import get_args

from tetrapylon.system.finding import SEVERITIES, Kind
from tools.outputs.shape import TEXT, UNSEEN, answer, rows

KINDS = list(get_args(Kind))


SCHEMA = answer(
    "tetrapylon/check/1",
    found=rows(kind={"enum": KINDS}, id=TEXT, at=TEXT, how=TEXT),
    findings=rows(rule=TEXT, severity={"enum": list(SEVERITIES)}, at=TEXT, title=TEXT, why=TEXT, fix=TEXT),
    suppressed=rows(rule=TEXT, at=TEXT, reason=TEXT),
    known={"type": "integer", "minimum": 0},
    unseen=UNSEEN,
    next={"type": "array", "items": TEXT, "minItems": 3, "maxItems": 3},
    exit={"enum": [0, 1, 3]},
)

"""What `tetrapylon operate guards measure` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, DIGEST, EXIT, TEXT, answer, rows

_INTERVAL = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_MEASURED = rows(
    family=TEXT,
    tpr={"type": "number"},
    tprInterval=_INTERVAL,
    fpr={"type": "number"},
    fprInterval=_INTERVAL,
    cases=COUNT,
    missingActions=COUNT,
    setDigest=DIGEST,
    microseconds={"type": "number"},
)

SCHEMA = answer(
    "tetrapylon/guards/1",
    rules=COUNT,
    rulesDigest=DIGEST,
    measured=_MEASURED,
    development=_MEASURED,
    records={"type": "array", "items": {"type": ["integer", "null"]}},
    exit=EXIT,
)

"""What `tetrapylon report-period` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import DIGEST, NAMES, TEXT, TIME, VERDICTS, answer, rows

_INTEGERS = {"type": "array", "items": {"type": "integer"}}

_EXCEPTIONS = rows(practice=TEXT, subjects=NAMES, owner=TEXT, reason=TEXT, expires=TIME, record={"type": "integer"}, standing=TEXT)

_SPANS = rows(practice=TEXT, **{"from": TIME, "to": TIME}, state=TEXT, reason=TEXT, records=_INTEGERS)


SCHEMA = answer(
    "tetrapylon/report-period/1",
    system={"type": "object", "required": ["id", "release"]},
    demo={"type": "boolean"},
    **{"from": TIME, "to": TIME},
    points={"type": "integer"},
    log={"type": "object", "required": ["size", "root", "inPeriod"]},
    trust=DIGEST,
    states={"type": "object", "additionalProperties": _SPANS},
    gaps=_SPANS,
    failures=_SPANS,
    exceptions=_EXCEPTIONS,
    decisions=rows(verdict={"enum": VERDICTS}, profile=TEXT, digest=DIGEST, recordedAt=TIME, same={"type": "boolean"}, verify=TEXT),
    samples={
        "type": "object",
        "required": ["seed", "records"],
        "properties": {
            "seed": TEXT,
            "records": rows(record={"type": "integer"}, envelope=DIGEST, signers=NAMES, checked=TEXT, verify=TEXT),
        },
    },
    keys=rows(keyid=TEXT, holder=TEXT, roles=NAMES, notBefore=TIME, notAfter=TIME, signed={"type": "integer"}),
    exit={"enum": [0, 4]},
)

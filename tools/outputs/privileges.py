"""What `tetrapylon design privileges` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, DIGEST, EXIT, NAMES, TEXT, answer, rows

_MAY = rows(kind=TEXT, principal=TEXT, action=TEXT, resource=TEXT, dataClass=TEXT)

SCHEMA = answer(
    "tetrapylon/privileges/1",
    policies=DIGEST,
    may=_MAY,
    probes=COUNT,
    wrong=_MAY,
    tools=rows(tool=TEXT, callers=NAMES, missing=NAMES),
    unused={"anyOf": [{"type": "null"}, rows(principal=TEXT, grant=TEXT)]},
    guards=rows(family=TEXT, tpr={"type": "number"}, fpr={"type": "number"}, cases=COUNT, microseconds={"type": ["number", "null"]}),
    exit=EXIT,
)

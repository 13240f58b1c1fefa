"""What `tetrapylon threats` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, DIGEST, NAMES, STATES, TEXT, answer, rows

_LEVEL = {"enum": ["public", "internal", "confidential", "restricted"]}

_CHOICES = ["undecided", "mitigated", "accepted", "transferred", "avoided"]


SCHEMA = answer(
    "tetrapylon/threats/1",
    system={"type": "object", "required": ["id", "release"], "properties": {"id": TEXT, "release": TEXT}},
    day={"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    counts={"type": "object", "required": ["threats", "closed", "undecided", "pressing", "claimedOnly"], "additionalProperties": COUNT},
    basis={"type": "object", "required": ["digest", "topology", "rules", "assets"], "properties": {"digest": DIGEST}},
    summaryDigest=DIGEST,
    elements=rows(key=TEXT, kind=TEXT, id=TEXT, implied={"type": "boolean"}, zone=TEXT, sensitivity=_LEVEL, attraction={"type": "object"}),
    flows=rows(**{"key": TEXT, "from": TEXT, "to": TEXT, "carries": NAMES, "crosses": TEXT, "how": TEXT, "boundaries": NAMES}),
    boundaries=rows(key=TEXT, kind=TEXT, id=TEXT, members=NAMES, flows=NAMES),
    threats=rows(
        id={"type": "string", "pattern": "^T-[0-9a-f]{12}$"},
        name=TEXT,
        rule=TEXT,
        about=TEXT,
        title=TEXT,
        reason={"type": "string", "minLength": 1},
        cause={"enum": ["compromise", "unexpected-behaviour"]},
        stride={"type": "string", "pattern": "^[STRIDE]+$"},
        atlas=NAMES,
        owasp=NAMES,
        severity={"enum": ["critical", "high", "medium", "low"]},
        score={"type": "object", "required": ["points", "effect", "sensitivity", "exposure"]},
        attraction=COUNT,
        impact={"type": "object", "required": ["system", "users", "organisation", "society"]},
        decision={
            "type": "object",
            "required": ["choice", "by", "reason", "proven", "date", "expires", "adviser", "to"],
            "properties": {"choice": {"enum": _CHOICES}},
        },
    ),
    closed=rows(id=TEXT, name=TEXT, rule=TEXT, about=TEXT, reason={"type": "string", "minLength": 1}),
    matrix=rows(threat=TEXT, practice=TEXT, state={"enum": STATES}, live={"type": "boolean"}),
    uncovered=NAMES,
    triggers=NAMES,
    against={"type": ["object", "null"], "required": ["what", "added", "removed", "changed"]},
    exit={"enum": [0, 1, 3]},
)

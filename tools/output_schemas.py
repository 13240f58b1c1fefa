"""The JSON Schemas of what commands print with `--json`, for `docs/reference/schemas`."""

from __future__ import annotations

from typing import Any

STATES = ["PASS", "FAIL", "UNKNOWN", "STALE", "WAIVED", "NOT APPLICABLE"]
VERDICTS = ["released", "refused", "could not decide"]
DIGEST = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
SYSTEM = {
    "type": "object",
    "required": ["id", "release", "digest"],
    "properties": {"id": {"type": "string"}, "release": {"type": "string"}, "digest": DIGEST},
    "additionalProperties": False,
}


def _object(schema: str, **properties: Any) -> dict[str, Any]:
    found = {"schema": {"const": schema}, **properties}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": schema,
        "type": "object",
        "required": list(found),
        "properties": found,
    }


def _rows(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "required": list(properties), "properties": properties}}


_ROW = {"id": {"type": "string"}, "state": {"enum": STATES}, "reason": {"type": "string"}}
_EXIT = {"enum": [0, 1, 3, 4]}
_NAMES = {"type": "array", "items": {"type": "string"}}

DECISION = _object(
    "tetrapylon/decision/1",
    serialNumber={"type": "string"},
    timestamp=TIME,
    system=SYSTEM,
    demo={"type": "boolean"},
    log={"type": "object", "required": ["origin", "size", "root"]},
    basis={"type": "object", "required": ["catalogue", "policy", "manifest", "assets", "previous"]},
    profile={"type": "string"},
    practices=_rows(**_ROW, evidence={"type": "array", "items": {"type": "integer"}}, waiverExpired={"type": "boolean"}),
    notAssessed=_NAMES,
    verdict={"enum": VERDICTS},
    exit=_EXIT,
)
POSTURE = _object(
    "tetrapylon/posture/1",
    evidence=_rows(predicate={"type": "string"}, subjects=_NAMES, record={"type": ["integer", "null"]}, signed={"type": "boolean"}),
    refused=_rows(file={"type": "string"}, why={"type": "string"}),
    where={"enum": ["log", "draft"]},
    system=SYSTEM,
    profile={"type": "string"},
    timestamp=TIME,
    practices=_rows(**_ROW, evidence={"type": "array", "items": {"type": "integer"}}),
    notAssessed=_NAMES,
    demo={"type": "boolean"},
    verdict={"enum": VERDICTS},
    exit=_EXIT,
)
VERIFY = _object(
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
    practices=_rows(**_ROW, origin={"type": "string"}),
    claims={"type": "integer"},
    records={"type": "integer"},
    withheld=_rows(record={"type": "integer"}, why={"type": "string"}, predicate={"type": "string"}, practices=_NAMES),
    cannotProve=_NAMES,
    sentences=_NAMES,
    exit=_EXIT,
)
ERROR = _object(
    "tetrapylon/error/1",
    error={"type": "object", "required": ["message", "hint", "code"]},
    exit={"enum": [1, 2, 3, 4]},
)

_LEVEL = {"enum": ["public", "internal", "confidential", "restricted"]}
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_CHOICES = ["undecided", "mitigated", "accepted", "transferred", "avoided"]
THREATS = _object(
    "tetrapylon/threats/1",
    system={"type": "object", "required": ["id", "release"], "properties": {"id": _TEXT, "release": _TEXT}},
    day={"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    counts={"type": "object", "required": ["threats", "closed", "undecided", "pressing", "claimedOnly"], "additionalProperties": _COUNT},
    basis={"type": "object", "required": ["digest", "topology", "rules", "assets"], "properties": {"digest": DIGEST}},
    summaryDigest=DIGEST,
    elements=_rows(
        key=_TEXT, kind=_TEXT, id=_TEXT, implied={"type": "boolean"}, zone=_TEXT, sensitivity=_LEVEL, attraction={"type": "object"}
    ),
    flows=_rows(**{"key": _TEXT, "from": _TEXT, "to": _TEXT, "carries": _NAMES, "crosses": _TEXT, "how": _TEXT, "boundaries": _NAMES}),
    boundaries=_rows(key=_TEXT, kind=_TEXT, id=_TEXT, members=_NAMES, flows=_NAMES),
    threats=_rows(
        id={"type": "string", "pattern": "^T-[0-9a-f]{12}$"},
        name=_TEXT,
        rule=_TEXT,
        about=_TEXT,
        title=_TEXT,
        reason={"type": "string", "minLength": 1},
        cause={"enum": ["compromise", "unexpected-behaviour"]},
        stride={"type": "string", "pattern": "^[STRIDE]+$"},
        atlas=_NAMES,
        owasp=_NAMES,
        severity={"enum": ["critical", "high", "medium", "low"]},
        score={"type": "object", "required": ["points", "effect", "sensitivity", "exposure"]},
        attraction=_COUNT,
        impact={"type": "object", "required": ["system", "users", "organisation", "society"]},
        decision={
            "type": "object",
            "required": ["choice", "by", "reason", "proven", "date", "expires", "adviser", "to"],
            "properties": {"choice": {"enum": _CHOICES}},
        },
    ),
    closed=_rows(id=_TEXT, name=_TEXT, rule=_TEXT, about=_TEXT, reason={"type": "string", "minLength": 1}),
    matrix=_rows(threat=_TEXT, practice=_TEXT, state={"enum": STATES}, live={"type": "boolean"}),
    uncovered=_NAMES,
    triggers=_NAMES,
    against={"type": ["object", "null"], "required": ["what", "added", "removed", "changed"]},
    exit={"enum": [0, 1, 3]},
)
_INTEGERS = {"type": "array", "items": {"type": "integer"}}
_MAYBE_TIME = {"anyOf": [TIME, {"type": "null"}]}
_PRACTICE = {
    "type": "object",
    "required": ["id", "title", "state", "reason", "observed", "age", "records", "effort", "next", "kinds"],
    "properties": {
        **dict.fromkeys(("id", "title", "reason", "age", "effort", "next"), _TEXT),
        "state": {"enum": [*STATES, "not assessed"]},
        "observed": _MAYBE_TIME,
        "records": _INTEGERS,
        "kinds": {"type": "array", "items": {"enum": ["A", "E", "H"]}},
    },
}
_EVIDENCE = dict.fromkeys(("predicate", "envelope", "origin"), _TEXT) | {"record": {"type": "integer"}, "subjects": _NAMES}
_EXCEPTIONS = _rows(practice=_TEXT, subjects=_NAMES, owner=_TEXT, reason=_TEXT, expires=TIME, record={"type": "integer"}, standing=_TEXT)
_MAYBE_OBJECT = {"type": ["object", "null"]}

REPORT = _object(
    "tetrapylon/report/1",
    system=SYSTEM,
    profile=_TEXT,
    timestamp=TIME,
    demo={"type": "boolean"},
    verdict={"enum": VERDICTS},
    log={"type": "object", "required": ["size", "drafts"]},
    trust={"anyOf": [DIGEST, {"type": "null"}]},
    pillars=_rows(
        name=_TEXT,
        title=_TEXT,
        counts={"type": "object", "additionalProperties": {"type": "integer"}},
        guidelines=_rows(id=_TEXT, title=_TEXT, practices={"type": "array", "items": _PRACTICE}),
    ),
    origins={"type": "object", "additionalProperties": _TEXT},
    evidence=_rows(**_EVIDENCE, observed=TIME, recorded=TIME, signers=_NAMES, practices=_NAMES, draft={"type": "boolean"}),
    otherRecords={"type": "object", "additionalProperties": {"type": "integer"}},
    decision=_MAYBE_OBJECT,
    exceptions=_EXCEPTIONS,
    threats={"type": ["array", "null"]},
    pictures=_MAYBE_OBJECT,
    bill=_MAYBE_OBJECT,
    unshown=_NAMES,
    exit={"enum": [0, 4]},
)
_SPANS = _rows(practice=_TEXT, **{"from": TIME, "to": TIME}, state=_TEXT, reason=_TEXT, records=_INTEGERS)
REPORT_PERIOD = _object(
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
    decisions=_rows(verdict={"enum": VERDICTS}, profile=_TEXT, digest=DIGEST, recordedAt=TIME, same={"type": "boolean"}, verify=_TEXT),
    samples={
        "type": "object",
        "required": ["seed", "records"],
        "properties": {
            "seed": _TEXT,
            "records": _rows(record={"type": "integer"}, envelope=DIGEST, signers=_NAMES, checked=_TEXT, verify=_TEXT),
        },
    },
    keys=_rows(keyid=_TEXT, holder=_TEXT, roles=_NAMES, notBefore=TIME, notAfter=TIME, signed={"type": "integer"}),
    exit={"enum": [0, 4]},
)
_COUNTS = {"type": "object", "required": ["measured", "derived", "declared", "unknown"], "additionalProperties": {"type": "integer"}}
_WRITTEN = {"enum": ["written", "unchanged", "current", "outdated", "drifted", "missing"]}
RECORDS = _object(
    "tetrapylon/records/1",
    cards=_rows(
        file={"type": "string"},
        kind={"enum": ["model-card", "data-card", "prompt-card"]},
        id={"type": "string"},
        state=_WRITTEN,
        differences=_NAMES,
        missing=_NAMES,
        fields=_COUNTS,
    ),
    bom={
        "type": "object",
        "required": ["file", "state", "differences", "problems", "components", "elements"],
        "properties": {"state": _WRITTEN, "problems": _NAMES, "components": {"type": "integer"}, "elements": _COUNTS},
    },
    exit=_EXIT,
)

OUTPUTS = {
    "json-decision": DECISION,
    "json-posture": POSTURE,
    "json-verify": VERIFY,
    "json-error": ERROR,
    "json-records": RECORDS,
    "json-report": REPORT,
    "json-report-period": REPORT_PERIOD,
    "json-threats": THREATS,
}

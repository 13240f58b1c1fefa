"""The JSON Schemas of what commands print with `--json`, for `docs/reference/schemas`."""

from __future__ import annotations

from typing import Any, get_args

from tetrapylon.system.finding import SEVERITIES, Kind

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

_TEXT = {"type": "string"}
_UNSEEN = _rows(path=_TEXT, why=_TEXT, deliberate={"type": "boolean"})
KINDS = list(get_args(Kind))
CHECK = _object(
    "tetrapylon/check/1",
    found=_rows(kind={"enum": KINDS}, id=_TEXT, at=_TEXT, how=_TEXT),
    findings=_rows(rule=_TEXT, severity={"enum": list(SEVERITIES)}, at=_TEXT, title=_TEXT, why=_TEXT, fix=_TEXT),
    suppressed=_rows(rule=_TEXT, at=_TEXT, reason=_TEXT),
    known={"type": "integer", "minimum": 0},
    unseen=_UNSEEN,
    next={"type": "array", "items": _TEXT, "minItems": 3, "maxItems": 3},
    exit={"enum": [0, 1, 3]},
)
_LINE = _rows(key=_TEXT, value={}, mark={"enum": ["found", "guessed", "to do"]}, note=_TEXT)
INIT = _object(
    "tetrapylon/init/1",
    file=_TEXT,
    written={"type": "boolean"},
    manifest=_TEXT,
    entries=_rows(table=_TEXT, lines=_LINE, todo=_NAMES),
    todo=_NAMES,
    unseen=_UNSEEN,
    exit={"const": 0},
)

OUTPUTS = {
    "json-check": CHECK,
    "json-decision": DECISION,
    "json-error": ERROR,
    "json-init": INIT,
    "json-posture": POSTURE,
    "json-verify": VERIFY,
}

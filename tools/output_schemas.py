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

_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_DIFFERENCES = _rows(kind=_TEXT, id=_TEXT, at=_TEXT, why=_TEXT)
_COUNT = {"type": "integer", "minimum": 0}
INVENTORY = _object(
    "tetrapylon/inventory/1",
    assets=_rows(
        **{"class": {"enum": ["models", "data", "prompts", "software", "documentation", "logs", "assessments", "keys", "endpoints"]}},
        kind=_TEXT,
        id=_TEXT,
        digest=_MAYBE,
        locations=_NAMES,
        owner=_MAYBE,
        known={"enum": ["declared", "found", "evidence"]},
        sensitivity={"enum": ["public", "internal", "confidential", "restricted"]},
        rated={"enum": ["declared", "class"]},
        format=_MAYBE,
        note=_TEXT,
    ),
    classes={"type": "object", "additionalProperties": _COUNT},
    empty=_NAMES,
    none=_NAMES,
    contradicted=_NAMES,
    added=_DIFFERENCES,
    changed=_DIFFERENCES,
    missing=_DIFFERENCES,
    unknown=_DIFFERENCES,
    excluded=_DIFFERENCES,
    versioned={"type": "boolean"},
    unseen=_NAMES,
    notes=_NAMES,
    exit=_EXIT,
)
DEBT = _object(
    "tetrapylon/debt/1",
    entries=_rows(
        id=_TEXT,
        detector=_TEXT,
        what=_TEXT,
        where=_TEXT,
        severity={"enum": ["critical", "high", "medium", "low", "info"]},
        owner=_MAYBE,
        reason=_MAYBE,
        due=_TEXT,
        risk=_NAMES,
        firstSeen=_TEXT,
        lacks=_NAMES,
        overdue={"type": "boolean"},
    ),
    detectors=_NAMES,
    trend={"type": "object", "required": ["since", "added", "paid"], "properties": {"since": _MAYBE, "added": _NAMES, "paid": _NAMES}},
    summary={"type": "object", "required": ["entries", "overdue", "overdueCritical", "incomplete", "bySeverity", "overBudget"]},
    unseen=_NAMES,
    notes=_NAMES,
    exit=_EXIT,
)
DISCLOSURE = _object("tetrapylon/disclosure/1", folder=_TEXT, files=_NAMES, missing=_NAMES, exit=_EXIT)
_PARTY = {"enum": ["provider", "deployer", "user", "supplier"]}
RESPONSIBILITIES = _object(
    "tetrapylon/responsibilities/1",
    system=_TEXT,
    release=_TEXT,
    role={"enum": ["provider", "user"]},
    parties=_rows(id=_PARTY, who=_NAMES),
    duties=_rows(id=_TEXT, text=_TEXT, answers=_PARTY, helps=_NAMES, told=_NAMES, practices=_NAMES, why=_TEXT),
)

OUTPUTS = {"json-decision": DECISION, "json-posture": POSTURE, "json-verify": VERIFY, "json-error": ERROR}
OUTPUTS |= {"json-inventory": INVENTORY, "json-debt": DEBT, "json-disclosure": DISCLOSURE, "json-responsibilities": RESPONSIBILITIES}

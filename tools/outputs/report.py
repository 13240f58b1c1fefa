"""What `tetrapylon report` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import DIGEST, NAMES, STATES, SYSTEM, TEXT, TIME, VERDICTS, answer, rows

_INTEGERS = {"type": "array", "items": {"type": "integer"}}

_MAYBE_TIME = {"anyOf": [TIME, {"type": "null"}]}

_PRACTICE = {
    "type": "object",
    "required": ["id", "title", "state", "reason", "observed", "age", "records", "effort", "next", "kinds"],
    "properties": {
        **dict.fromkeys(("id", "title", "reason", "age", "effort", "next"), TEXT),
        "state": {"enum": [*STATES, "not assessed"]},
        "observed": _MAYBE_TIME,
        "records": _INTEGERS,
        "kinds": {"type": "array", "items": {"enum": ["A", "E", "H"]}},
    },
}

_EVIDENCE = dict.fromkeys(("predicate", "envelope", "origin"), TEXT) | {"record": {"type": "integer"}, "subjects": NAMES}

_EXCEPTIONS = rows(practice=TEXT, subjects=NAMES, owner=TEXT, reason=TEXT, expires=TIME, record={"type": "integer"}, standing=TEXT)

_MAYBE_OBJECT = {"type": ["object", "null"]}


SCHEMA = answer(
    "tetrapylon/report/1",
    system=SYSTEM,
    profile=TEXT,
    timestamp=TIME,
    demo={"type": "boolean"},
    verdict={"enum": VERDICTS},
    log={"type": "object", "required": ["size", "drafts"]},
    trust={"anyOf": [DIGEST, {"type": "null"}]},
    pillars=rows(
        name=TEXT,
        title=TEXT,
        counts={"type": "object", "additionalProperties": {"type": "integer"}},
        guidelines=rows(id=TEXT, title=TEXT, practices={"type": "array", "items": _PRACTICE}),
    ),
    origins={"type": "object", "additionalProperties": TEXT},
    evidence=rows(**_EVIDENCE, observed=TIME, recorded=TIME, signers=NAMES, practices=NAMES, draft={"type": "boolean"}),
    otherRecords={"type": "object", "additionalProperties": {"type": "integer"}},
    decision=_MAYBE_OBJECT,
    exceptions=_EXCEPTIONS,
    threats={"type": ["array", "null"]},
    pictures=_MAYBE_OBJECT,
    bill=_MAYBE_OBJECT,
    unshown=NAMES,
    exit={"enum": [0, 4]},
)

"""What `tetrapylon design training` prints with `--json`; each command has a schema id of its own."""

from __future__ import annotations

from typing import Any

from tools.outputs.shape import COUNT, DIGEST, NAMES, TEXT, TIME, answer, rows

_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_FLAG = {"type": "boolean"}
_OPTIONAL = {"type": ["string", "null"]}
_PRACTICAL = {"enum": ["correct", "wrong", "unknown"]}
_MODULE: dict[str, Any] = {
    "id": TEXT,
    "title": TEXT,
    "version": TEXT,
    "course": _OPTIONAL,
    "digest": DIGEST,
    "roles": NAMES,
    "minutes": COUNT,
    "questions": COUNT,
    "reviewed": _OPTIONAL,
    "overdue": _FLAG,
}
_STANDINGS = rows(
    person=TEXT,
    module=TEXT,
    state={"enum": ["holds", "stale", "failed", "missing"]},
    why=TEXT,
    until=_OPTIONAL,
    score={"anyOf": [_SHARE, {"type": "null"}]},
    practical={"anyOf": [_PRACTICAL, {"type": "null"}]},
    how={"enum": ["taken", "imported", None]},
)
_REFUSED = {"type": "object", "additionalProperties": TEXT}
_EACH = (
    answer("tetrapylon/training-modules/1", modules=rows(**_MODULE), exit={"enum": [0, 3]}),
    answer("tetrapylon/training-module/1", **_MODULE, screens=rows(title=TEXT, text=TEXT), exit={"const": 0}),
    answer(
        "tetrapylon/training-items/1",
        module=TEXT,
        person=TEXT,
        attempt=COUNT,
        items=rows(id=TEXT, text=TEXT, options=NAMES, practical=_FLAG),
        exit={"const": 0},
    ),
    answer(
        "tetrapylon/training-taken/1",
        module=TEXT,
        person=TEXT,
        attempt=COUNT,
        score=_SHARE,
        threshold=_SHARE,
        practical=_PRACTICAL,
        passed=_FLAG,
        expires=TIME,
        onBehalf=_FLAG,
        wrong=rows(id=TEXT, text=TEXT, right=TEXT, why=TEXT),
        unanswered=NAMES,
        file=TEXT,
        exit={"enum": [0, 1]},
    ),
    answer("tetrapylon/training-status/1", standings=_STANDINGS, refused=_REFUSED, exit={"enum": [0, 1, 3]}),
    answer("tetrapylon/training-due/1", standings=_STANDINGS, refused=_REFUSED, exit={"enum": [0, 1, 3]}),
    answer("tetrapylon/training-acknowledged/1", file=TEXT, practice=TEXT, subjects=NAMES, role=TEXT, exit={"const": 0}),
    answer(
        "tetrapylon/training-export/1",
        file=TEXT,
        course=TEXT,
        scorm={"enum": ["1.2", "2004"]},
        bytes=COUNT,
        digest=DIGEST,
        exit={"const": 0},
    ),
    answer(
        "tetrapylon/training-import/1",
        source=DIGEST,
        taken=rows(line=COUNT, person=TEXT, module=TEXT, score=_SHARE),
        refused=rows(line=COUNT, why=TEXT),
        exit={"enum": [0, 1]},
    ),
)

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "tetrapylon/training",
    "oneOf": [{key: value for key, value in each.items() if key != "$schema"} for each in _EACH],
}

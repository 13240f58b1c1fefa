"""What the schemas of several commands share."""

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


def answer(schema: str, **properties: Any) -> dict[str, Any]:
    """Return the schema of an object that a command prints; every property is required."""
    found = {"schema": {"const": schema}, **properties}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": schema,
        "type": "object",
        "required": list(found),
        "properties": found,
    }


def rows(**properties: Any) -> dict[str, Any]:
    """Return the schema of a list of objects; every property is required."""
    return {"type": "array", "items": {"type": "object", "required": list(properties), "properties": properties}}


ROW = {"id": {"type": "string"}, "state": {"enum": STATES}, "reason": {"type": "string"}}
EXIT = {"enum": [0, 1, 3, 4]}
NAMES = {"type": "array", "items": {"type": "string"}}
TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
UNSEEN = rows(path=TEXT, why=TEXT, deliberate={"type": "boolean"})

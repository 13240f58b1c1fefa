"""What each line of `tetrapylon inspect --json` is; an item that could not be judged has neither verdict nor score."""

from __future__ import annotations

from typing import Any

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "tetrapylon/inspect/1",
    "type": "object",
    "required": ["schema", "item", "verdict", "score", "scores", "threshold", "why"],
    "properties": {
        "schema": {"const": "tetrapylon/inspect/1"},
        "item": {"type": "string"},
        "verdict": {"enum": ["normal", "suspect", "reject", None]},
        "score": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "scores": {"type": "object", "additionalProperties": {"type": "number"}},
        "threshold": {"const": 0.5},
        "why": {"type": "string"},
    },
}

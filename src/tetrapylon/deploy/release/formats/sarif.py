"""SARIF 2.1.0: a result for each family that is not clean, with its prompts as places.

What it does: families are rules; breached ones are errors, undecided and untried ones warnings and notes.
Why it matters: code scanning services show it beside everything else that is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.text import printable_json

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"breached": "error", "hold": "warning", "not-run": "note"}


def render(result: Mapping[str, Json]) -> str:
    """Return the result as SARIF."""
    rows = result["families"]
    rules = [{"id": row["id"], "shortDescription": {"text": row["title"]}, "properties": {"tags": row["frameworks"]}} for row in rows]
    found = [_result(row, place) for place, row in enumerate(rows) if row["verdict"] in _LEVELS]
    run = {
        "tool": {"driver": {"name": "Tetrapylon red team", "rules": rules}},
        "invocations": [{"executionSuccessful": result["verdict"] != "invalid", "exitCode": result["exit"]}],
        "columnKind": "unicodeCodePoints",
        "results": found,
    }
    return printable_json(json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)) + "\n"


def _result(row: Mapping[str, Json], place: int) -> dict[str, Any]:
    kind = {"kind": "open", "level": "none"} if row["verdict"] == "not-run" else {"level": _LEVELS[row["verdict"]]}
    where = [{"logicalLocations": [{"name": each["prompt"], "kind": "prompt"}]} for each in row["evidence"]]
    text = f"{row['title']}: {row['reason']}".replace("[", "\\[").replace("]", "\\]").replace("{", "{{").replace("}", "}}")
    return {"ruleId": row["id"], "ruleIndex": place, **kind, "message": {"text": text}, **({"locations": where} if where else {})}

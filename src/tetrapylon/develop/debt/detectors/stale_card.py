"""A model, dataset or prompt whose card is missing, incomplete or about another version.

What it does: takes the newest signed record of each declared model, dataset and prompt.
Why it matters: who does not know what a part is, where it came from and how it fails cannot judge what it does.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SV3.1", "SV3.2")
_MODEL = {"model": [{"id": "a", "path": "a.onnx"}]}
GOOD: dict[str, dict[str, Json]] = {
    "none": {},
    "carded": {"facts": _MODEL, "evidence": {"record": [{"about": "a", "kind": "model-card", "complete": True, "drifted": 0}]}},
}
BAD: dict[str, dict[str, Json]] = {
    "missing": {"facts": _MODEL},
    "drifted": {"facts": _MODEL, "evidence": {"record": [{"about": "a", "kind": "model-card", "complete": True, "drifted": 2}]}},
}


def detect(look: Look) -> Iterator[Debt]:
    """Yield each part."""
    newest = look.newest("record")
    for table in ("model", "dataset", "prompt"):
        for place, each in look.rows(table):
            known = newest.get(each["id"])
            fault = "has no card" if known is None else _fault(known.payload)
            if fault:
                yield Debt(f"{table} `{each['id']}` {fault}", place, f"{table} {each['id']}", SEVERITY, RISK)


def _fault(said: Json) -> str:
    if said.get("drifted"):
        return "has no card, or one that is about another version"
    return "" if said.get("complete") else "has a card that is not complete"

"""Somebody who takes data from a declared part and is declared nowhere.

What it does: looks at each flow of the manifest for an end that is no part, group, service or actor.
Why it matters: who is not known depends on behaviour that nobody promised, and is not told when it changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SD2.1", "SV4.5")
_MODEL = [{"id": "a", "path": "a.onnx"}]
GOOD: dict[str, dict[str, Json]] = {
    "actor": {"facts": {"system": {"actors": ["teller"]}, "model": _MODEL, "flow": [{"from": "a", "to": "teller", "carries": ["score"]}]}},
    "group": {"facts": {"model": _MODEL, "group": [{"id": "teller"}], "flow": [{"from": "a", "to": "teller", "carries": ["score"]}]}},
}
BAD: dict[str, dict[str, Json]] = {"unknown": {"facts": {"model": _MODEL, "flow": [{"from": "a", "to": "billing", "carries": ["score"]}]}}}

_AROUND = frozenset({"gateway", "console", "journal", "log"})
"""Parts that Tetrapylon itself puts around a system."""


def detect(look: Look) -> Iterator[Debt]:
    """Yield each flow."""
    known = {row["id"] for rows in look.facts.values() if isinstance(rows, list) for row in rows if "id" in row}
    known |= {*look.facts["system"].get("actors", ()), *_AROUND}
    for place, each in look.rows("flow"):
        if each["to"] not in known:
            what = f"`{each['to']}` takes {', '.join(each['carries'])} from `{each['from']}` and is declared nowhere"
            yield Debt(what, place, f"{each['from']} {each['to']}", SEVERITY, RISK)

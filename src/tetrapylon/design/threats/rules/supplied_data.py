"""Data from somebody else was poisoned before it came.

What it does: Looks at data sets that a supplier delivers.
Why it matters: What was planted before delivery bears the right digest ever after.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="supplied-data",
    title="{it} came poisoned from its supplier",
    cause="compromise",
    stride="T",
    looks_at=("dataset",),
    when=(fact("supplier", "a supplier delivers it", "the manifest names a supplier", "the manifest names no supplier: it was made here"),),
    effect=3,
    atlas=("AML.T0010.002", "AML.T0019"),
    owasp=("LLM03:2025", "LLM04:2026", "LLM04:2025", "LLM05:2026"),
    practices=("SV3.4", "SV1.1", "SV1.2"),
    impact={"system": "decides wrongly where the attacker wants it"},
)
KEPT: dict[str, dict[str, Json]] = {
    "delivered": {
        "supplier": [{"id": "data-shop"}],
        "dataset": [{"id": "digits", "path": "data/digits.csv", "sensitivity": "internal", "supplier": "data-shop"}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"made here": {"dataset": [{"id": "digits", "path": "data/digits.csv", "sensitivity": "internal"}]}}

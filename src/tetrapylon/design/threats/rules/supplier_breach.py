"""A supplier is broken into.

What it does: Looks at every supplier.
Why it matters: Their breach is ours, and we hear of it last.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="supplier-breach",
    title="{it} is broken into, and what comes from there is not theirs",
    cause="compromise",
    stride="STI",
    looks_at=("supplier",),
    effect=3,
    atlas=("AML.T0010",),
    owasp=("LLM03:2025", "LLM04:2026"),
    practices=("SD3.4", "SV1.2"),
    impact={"system": "works with what an attacker delivers", "organisation": "depends on somebody else's honesty about it"},
)
KEPT: dict[str, dict[str, Json]] = {"a supplier": {"supplier": [{"id": "acme"}]}}
CLOSED: dict[str, dict[str, Json]] = {}

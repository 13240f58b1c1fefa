"""A model calls a tool without end.

What it does: Looks at tools without a budget.
Why it matters: A loop costs money, and hides the one call that matters.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_CALLS, fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="endless-calls",
    title="{it} is called without end",
    cause="unexpected-behaviour",
    stride="D",
    looks_at=("tool",),
    when=(
        MODEL_CALLS,
        fact("budget", "it has no budget", "the manifest gives it no budget", "a budget limits its calls", missing=True),
    ),
    effect=1,
    atlas=("AML.T0034.002", "AML.T0029"),
    owasp=("LLM10:2025", "LLM06:2026"),
    practices=("SD3.12",),
    impact={"organisation": "pays for calls that nobody wanted"},
)
KEPT: dict[str, dict[str, Json]] = {
    "no budget": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}], "tool": [{"id": "look-up", "effect": "read"}]}
}
CLOSED: dict[str, dict[str, Json]] = {
    "a budget": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "look-up", "effect": "read", "budget": 20}],
    }
}

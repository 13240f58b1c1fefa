"""What a tool returns gives a model orders.

What it does: Looks at tools that a model can ask for.
Why it matters: A result is read by the model like everything else.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_CALLS
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="poisoned-result",
    title="What {it} returns gives a model orders",
    cause="compromise",
    stride="TE",
    looks_at=("tool",),
    when=(MODEL_CALLS,),
    effect=2,
    atlas=("AML.T0099", "AML.T0051.001"),
    owasp=("LLM01:2025", "LLM01:2026"),
    practices=("SO2.5", "SD3.15"),
    impact={"system": "acts for whoever wrote what was returned"},
)
KEPT: dict[str, dict[str, Json]] = {
    "a model calls": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "look-up", "effect": "read"}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"no model speaks": {"tool": [{"id": "look-up", "effect": "read"}]}}

"""A model is made to use a tool for something else.

What it does: Looks at tools that a model can ask for.
Why it matters: The tool cannot tell whose wish the model carries.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_CALLS
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="tool-misuse",
    title="{it} is used for something that it is not there for",
    cause="compromise",
    stride="E",
    looks_at=("tool",),
    when=(MODEL_CALLS,),
    effect=2,
    atlas=("AML.T0053", "AML.T0084.001"),
    owasp=("LLM06:2025", "LLM03:2026"),
    practices=("SD3.12", "SP4.2"),
    impact={"system": "acts for somebody else"},
)
KEPT: dict[str, dict[str, Json]] = {
    "a model calls": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "look-up", "effect": "read"}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"no model speaks": {"tool": [{"id": "look-up", "effect": "read"}]}}

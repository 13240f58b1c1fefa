"""A tool's description gives a model orders, or changes after it was approved.

What it does: Looks at tools that a model can ask for; the manifest does not say who writes their descriptions.
Why it matters: A model reads descriptions of tools as it reads instructions.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_CALLS
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="tool-poisoning",
    title="The description of {it} gives a model orders",
    cause="compromise",
    stride="TE",
    looks_at=("tool",),
    when=(MODEL_CALLS,),
    effect=2,
    atlas=("AML.T0110", "AML.T0104", "AML.T0109", "AML.T0010.005"),
    owasp=("LLM03:2025", "LLM04:2026"),
    practices=("SD3.12", "SV1.7"),
    impact={"system": "acts for whoever wrote the description"},
)
KEPT: dict[str, dict[str, Json]] = {
    "a model calls": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "look-up", "effect": "read"}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"no model speaks": {"tool": [{"id": "look-up", "effect": "read"}]}}

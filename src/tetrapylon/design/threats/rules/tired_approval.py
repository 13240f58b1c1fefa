"""People approve without looking.

What it does: Looks at tools that a person approves.
Why it matters: Who approves a hundred good calls approves the bad one, too.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_CALLS, is_value
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="tired-approval",
    title="People approve {it} without looking",
    cause="unexpected-behaviour",
    stride="E",
    looks_at=("tool",),
    when=(
        is_value("approval", ("human",), "a person approves each call", "a person has to approve each call", "nobody has to approve it"),
        MODEL_CALLS,
    ),
    effect=2,
    owasp=("LLM06:2025", "LLM03:2026"),
    practices=("SP5.8", "SD1.7"),
    impact={"users": "are held to what they waved through"},
)
KEPT: dict[str, dict[str, Json]] = {
    "a person approves": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "pay", "effect": "irreversible", "approval": "human"}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "nobody does": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}], "tool": [{"id": "look-up", "effect": "read"}]}
}

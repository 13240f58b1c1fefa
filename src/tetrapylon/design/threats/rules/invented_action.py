"""A model does something that nobody asked for.

What it does: Looks at tools with an effect that a model can ask for.
Why it matters: A model that misunderstands acts as surely as one that understands.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_CALLS, is_value
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="invented-action",
    title="{it} is called though nobody asked for it",
    cause="unexpected-behaviour",
    stride="T",
    looks_at=("tool",),
    when=(
        MODEL_CALLS,
        is_value("effect", ("write", "irreversible"), "it changes something", "what it does changes something", "it only reads"),
    ),
    effect=2,
    owasp=("LLM06:2025", "LLM03:2026", "LLM09:2025", "LLM07:2026"),
    practices=("SD3.12", "SP5.8"),
    impact={"users": "have done in their name what they never wanted"},
)
KEPT: dict[str, dict[str, Json]] = {
    "it writes": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}], "tool": [{"id": "book", "effect": "write"}]}
}
CLOSED: dict[str, dict[str, Json]] = {
    "it reads": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}], "tool": [{"id": "look-up", "effect": "read"}]}
}

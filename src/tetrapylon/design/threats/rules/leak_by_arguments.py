"""Data leaves in the arguments of a tool.

What it does: Looks at tools that a model can ask for while data that is not public is within its reach.
Why it matters: Whoever can make a model call a tool can make it put into the call whatever it knows.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_CALLS, sensitive
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="leak-by-arguments",
    title="Data leaves in what is handed to {it}",
    cause="compromise",
    stride="I",
    looks_at=("tool",),
    when=(
        MODEL_CALLS,
        sensitive("internal"),
    ),
    effect=3,
    atlas=("AML.T0086", "AML.T0085.001"),
    owasp=("LLM06:2025", "LLM03:2026", "LLM02:2025", "LLM02:2026"),
    practices=("SD3.12", "SD3.8"),
    impact={"users": "what they entrusted is known to others"},
)
KEPT: dict[str, dict[str, Json]] = {
    "questions reach it": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "look-up", "effect": "read"}],
        "group": [{"id": "staff", "may": ["chat:talker"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "nothing within reach": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "look-up", "effect": "read"}],
    }
}

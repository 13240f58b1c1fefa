"""A model does what cannot be undone, and nobody was asked.

What it does: Looks at tools with an irreversible effect.
Why it matters: One wrong answer is enough.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_CALLS, is_value
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="irreversible-action",
    title="{it} is called, and what it does cannot be undone",
    cause="compromise",
    stride="TE",
    looks_at=("tool",),
    when=(
        MODEL_CALLS,
        is_value(
            "effect",
            ("irreversible",),
            "its effect is irreversible",
            "the manifest calls its effect irreversible",
            "the manifest says that its effect can be undone",
        ),
        is_value("approval", ("none",), "nobody approves", "nobody has to approve it", "a person has to approve each call", default="none"),
    ),
    effect=3,
    atlas=("AML.T0053", "AML.T0101"),
    owasp=("LLM06:2025", "LLM03:2026"),
    practices=("SD3.12", "SP5.8"),
    impact={"users": "cannot get back what was done", "organisation": "bears a loss that cannot be made good"},
)
KEPT: dict[str, dict[str, Json]] = {
    "nobody approves": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "pay", "effect": "irreversible"}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "a person approves": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "pay", "effect": "irreversible", "approval": "human"}],
    },
    "only reads": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}], "tool": [{"id": "look-up", "effect": "read"}]},
}

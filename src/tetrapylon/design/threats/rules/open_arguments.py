"""A tool takes whatever a model hands it.

What it does: Looks at tools without a schema of their arguments.
Why it matters: What is not described cannot be refused.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_CALLS, fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="open-arguments",
    title="{it} is handed arguments that nobody foresaw",
    cause="compromise",
    stride="TE",
    looks_at=("tool",),
    when=(
        MODEL_CALLS,
        fact(
            "arguments",
            "its arguments have no schema",
            "the manifest names no schema of its arguments",
            "a schema describes its arguments",
            missing=True,
        ),
    ),
    effect=2,
    atlas=("AML.T0053", "AML.T0102"),
    owasp=("LLM06:2025", "LLM03:2026", "LLM05:2025", "LLM10:2026"),
    practices=("SD3.12",),
    impact={"system": "runs what an attacker wrote"},
)
KEPT: dict[str, dict[str, Json]] = {
    "no schema": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}], "tool": [{"id": "look-up", "effect": "read"}]}
}
CLOSED: dict[str, dict[str, Json]] = {
    "a schema": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "look-up", "effect": "read", "arguments": "tools/look-up.schema.json"}],
    }
}

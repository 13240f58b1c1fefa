"""A model says what harms the one who asked, or others.

What it does: Looks at models that answer people in language.
Why it matters: Instructions for harm, insults and bad advice are written as readily as anything else.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import PEOPLE_READ, SPEAKS
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="harmful-answer",
    title="{it} says something that does harm",
    cause="unexpected-behaviour",
    stride="T",
    looks_at=("model", "hosted-model"),
    when=(
        SPEAKS,
        PEOPLE_READ,
    ),
    effect=2,
    atlas=("AML.T0048.003", "AML.T0048.001"),
    owasp=("LLM09:2025", "LLM07:2026"),
    practices=("SP4.2", "SD3.15"),
    impact={
        "users": "are harmed by what they read",
        "organisation": "is held to what was said in its name",
        "society": "harm is made easier",
    },
)
KEPT: dict[str, dict[str, Json]] = {
    "people read": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "it predicts": {
        "model": [{"id": "reader", "path": "models/reader.onnx"}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}

"""A model makes something up, and it is believed.

What it does: Looks at models that answer people in language.
Why it matters: What is well written is taken for true.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import PEOPLE_READ, SPEAKS
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="invented-answer",
    title="{it} makes something up, and people act on it",
    cause="unexpected-behaviour",
    stride="T",
    looks_at=("model", "hosted-model"),
    when=(
        SPEAKS,
        PEOPLE_READ,
    ),
    effect=2,
    atlas=("AML.T0060", "AML.T0062"),
    owasp=("LLM09:2025", "LLM07:2026"),
    practices=("SP4.1", "SP4.5", "SP5.5"),
    impact={"users": "act on what is not true", "society": "what is made up spreads as fact"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people read": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"nobody reads": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]}}

"""One model's output misleads the next.

What it does: Looks at models that answer in language and read what another model wrote.
Why it matters: An order that gets into one answer travels on, and nobody reads along.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import SPEAKS, has_flow
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="chained-models",
    title="What another model wrote misleads {it}",
    cause="compromise",
    stride="TE",
    looks_at=("model", "hosted-model"),
    when=(
        SPEAKS,
        has_flow(
            "into",
            ("model", "hosted-model"),
            "another model's output flows to it",
            "{other} flows to it",
            "no other model's output flows straight to it",
        ),
    ),
    effect=2,
    atlas=("AML.T0061", "AML.T0051.001"),
    owasp=("LLM01:2025", "LLM01:2026"),
    practices=("SP4.2", "SO2.5"),
    impact={"system": "acts on what nobody checked"},
)
KEPT: dict[str, dict[str, Json]] = {
    "a chain": {
        "model": [
            {"id": "talker", "endpoint": "https://models.example.org/v1"},
            {"id": "planner", "endpoint": "https://planner.example.org/v1"},
        ],
        "flow": [{"from": "planner", "to": "talker", "carries": ["plan"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "alone": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}

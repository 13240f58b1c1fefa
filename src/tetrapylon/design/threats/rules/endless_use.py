"""Requests use up money, time or machines.

What it does: Looks at gateways and hosted models that people reach.
Why it matters: One short question can cost a thousand times another.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="endless-use",
    title="Somebody makes {it} work until it costs too much or stands still",
    cause="compromise",
    stride="D",
    looks_at=("gateway", "hosted-model"),
    when=(exposed(1),),
    effect=2,
    atlas=("AML.T0029", "AML.T0034.000", "AML.T0034.001", "AML.T0046"),
    owasp=("LLM10:2025", "LLM06:2026"),
    practices=("SP1.2", "SO2.7"),
    impact={"organisation": "pays for what nobody needed", "users": "are left waiting"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people reach it": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"nobody does": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]}}

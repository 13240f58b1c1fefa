"""A wrong prediction is taken for a fact.

What it does: Looks at models that predict and whose predictions people see.
Why it matters: Mistakes fall on the same people again and again, and a number looks like a fact.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import PEOPLE_READ, PREDICTS
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="wrong-prediction",
    title="{it} is wrong, and people act on it",
    cause="unexpected-behaviour",
    stride="T",
    looks_at=("model", "hosted-model"),
    when=(
        PREDICTS,
        PEOPLE_READ,
    ),
    effect=2,
    owasp=("LLM09:2025", "LLM07:2026"),
    practices=("SP4.1", "SP4.5"),
    impact={"users": "bear what follows from a wrong answer", "society": "mistakes fall on some more than on others"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people see it": {
        "model": [{"id": "reader", "path": "models/reader.onnx"}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"nobody does": {"model": [{"id": "reader", "path": "models/reader.onnx"}]}}

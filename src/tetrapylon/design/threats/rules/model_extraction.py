"""A model is copied by asking it.

What it does: Looks at models of ours whose answers people see.
Why it matters: A few hundred answers can be enough to train a copy, and attacks on the copy work on the model.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import PEOPLE_READ, condition, exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

OURS = condition(
    "the model is ours",
    lambda _, element: element.kind == "model" or not element.part.facts.get("supplier"),
    "the manifest names no supplier who hosts it, so it is ours to lose",
    "it is the supplier's model: what it is worth is not ours to lose",
)

RULE = Rule(
    id="model-extraction",
    title="{it} is copied by asking it often enough",
    cause="compromise",
    stride="I",
    looks_at=("model", "hosted-model"),
    when=(
        OURS,
        exposed(1),
        PEOPLE_READ,
    ),
    effect=2,
    atlas=("AML.T0024.002", "AML.T0005.001", "AML.T0048.004"),
    owasp=("LLM10:2025", "LLM06:2026"),
    practices=("SP2.2", "SO2.1"),
    impact={"organisation": "loses what the model is worth"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people ask it": {
        "model": [{"id": "reader", "path": "models/reader.onnx"}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "a supplier's": {
        "supplier": [{"id": "acme"}],
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1", "supplier": "acme"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}

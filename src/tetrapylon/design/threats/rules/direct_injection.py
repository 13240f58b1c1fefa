"""A user talks a model out of its instructions.

What it does: Looks at models that answer in language and that people reach.
Why it matters: To a model, the operator's words and the user's are one text.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import SPEAKS, exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="direct-injection",
    title="Somebody talks {it} out of its instructions",
    cause="compromise",
    stride="TE",
    looks_at=("model", "hosted-model"),
    when=(
        SPEAKS,
        exposed(1),
    ),
    effect=3,
    atlas=("AML.T0051.000", "AML.T0054", "AML.T0068"),
    owasp=("LLM01:2025", "LLM01:2026"),
    practices=("SD3.15", "SO2.5", "SP4.2"),
    impact={"system": "acts for somebody else", "users": "are told what an attacker wants"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people chat": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "it predicts": {
        "model": [{"id": "reader", "path": "models/reader.onnx"}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    },
    "nobody reaches it": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]},
}

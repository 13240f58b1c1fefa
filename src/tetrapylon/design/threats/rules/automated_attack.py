"""An attack is run by machine, thousands of tries at a time.

What it does: Looks at what outsiders reach.
Why it matters: Attackers have models, too: trying costs them nothing, and one try in a thousand is enough.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="automated-attack",
    title="Somebody attacks {it} by machine, over and over",
    cause="compromise",
    stride="SD",
    looks_at=("gateway", "model", "hosted-model", "service"),
    when=(exposed(3),),
    effect=2,
    atlas=("AML.T0006", "AML.T0040", "AML.T0043.001", "AML.T0108"),
    owasp=("LLM01:2025", "LLM01:2026", "LLM10:2025", "LLM06:2026"),
    practices=("SO2.5", "SO2.7", "SO2.1"),
    impact={"system": "is tried until something gives"},
    scenario="automated-attack",
)
KEPT: dict[str, dict[str, Json]] = {
    "open to outsiders": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "known people alone": {"model": [{"id": "reader", "path": "models/reader.onnx"}], "group": [{"id": "staff", "may": ["infer:reader"]}]}
}

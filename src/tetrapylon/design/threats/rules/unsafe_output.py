"""What a model writes is run, queried or rendered.

What it does: Looks at models that answer in language and whose output goes on to other parts.
Why it matters: An answer is text from a stranger: in a shell, a query or a page it is code.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import SPEAKS, has_flow
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="unsafe-output",
    title="What {it} writes is run somewhere",
    cause="compromise",
    stride="TE",
    looks_at=("model", "hosted-model"),
    when=(
        SPEAKS,
        has_flow(
            "out",
            ("gateway", "dispatcher", "service", "store", "console", "tool"),
            "its output goes on to other parts",
            "its output goes on to {other}",
            "its output goes to nothing that could run it",
        ),
    ),
    effect=3,
    atlas=("AML.T0050", "AML.T0077", "AML.T0102"),
    owasp=("LLM05:2025", "LLM10:2026"),
    practices=("SD3.15", "SD3.12", "SP4.2"),
    impact={"system": "runs what an attacker wrote"},
)
KEPT: dict[str, dict[str, Json]] = {
    "a service takes it": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "service": [{"id": "worker"}],
        "flow": [{"from": "talker", "to": "worker", "carries": ["answer"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "people alone read": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}

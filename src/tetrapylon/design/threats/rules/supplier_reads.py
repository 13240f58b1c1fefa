"""A supplier keeps or uses what is sent to its model.

What it does: Looks at hosted models that data reaches which is not public.
Why it matters: What was sent to be answered can be stored, read and trained on.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import sensitive
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="supplier-reads",
    title="What is sent to {it} is kept or used by its supplier",
    cause="unexpected-behaviour",
    stride="I",
    looks_at=("hosted-model",),
    when=(sensitive("internal"),),
    effect=2,
    atlas=("AML.T0057",),
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SD3.8", "SD3.4"),
    impact={"users": "what they asked is kept by somebody they never chose"},
)
KEPT: dict[str, dict[str, Json]] = {
    "questions go there": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"nothing goes there": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]}}

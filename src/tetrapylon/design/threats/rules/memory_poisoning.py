"""What a model once took in speaks again later.

What it does: Looks at stores that the running system both writes and gives a model to read.
Why it matters: An order that is remembered outlives the conversation, and reaches other people's.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_READS, has_flow
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="memory-poisoning",
    title="Something that got into {it} speaks to a model again and again",
    cause="compromise",
    stride="TE",
    looks_at=("store",),
    when=(
        MODEL_READS,
        has_flow(
            "into",
            ("gateway", "dispatcher", "service", "model", "hosted-model", "tool", "actor"),
            "the running system writes it",
            "{other} writes it",
            "nothing of the running system writes it",
        ),
    ),
    effect=2,
    atlas=("AML.T0080.000", "AML.T0080.001"),
    owasp=("LLM08:2025", "LLM09:2026", "LLM04:2025", "LLM05:2026"),
    practices=("SV2.10", "SO2.5"),
    impact={"users": "are answered by what somebody else planted"},
)
KEPT: dict[str, dict[str, Json]] = {
    "written and read": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "store": [{"id": "memory", "sensitivity": "internal"}],
        "flow": [{"from": "memory", "to": "talker", "carries": ["memory"]}, {"from": "talker", "to": "memory", "carries": ["memory"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "only read": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "store": [{"id": "mails", "sensitivity": "internal"}],
        "flow": [{"from": "mails", "to": "talker", "carries": ["mails"]}],
    }
}

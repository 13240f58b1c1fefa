"""Something false is put where a model looks things up.

What it does: Looks at stores and data sets that a model which answers in language reads while it runs.
Why it matters: One planted entry answers every question that it was written for.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import MODEL_READS
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="knowledge-poisoning",
    title="Something is planted in {it} that a model then repeats",
    cause="compromise",
    stride="T",
    looks_at=("store", "dataset"),
    when=(MODEL_READS,),
    effect=2,
    atlas=("AML.T0070", "AML.T0071", "AML.T0066"),
    owasp=("LLM08:2025", "LLM09:2026", "LLM04:2025", "LLM05:2026"),
    practices=("SV2.10", "SO2.5", "SV2.3"),
    impact={"users": "are told what somebody planted"},
)
KEPT: dict[str, dict[str, Json]] = {
    "a model reads it": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "store": [{"id": "mails", "sensitivity": "internal"}],
        "flow": [{"from": "mails", "to": "talker", "carries": ["mails"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "nothing reads it": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "store": [{"id": "mails", "sensitivity": "internal"}],
    }
}

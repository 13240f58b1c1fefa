"""A model recites what it was trained from.

What it does: Looks at models that answer in language and were trained from data that is not public.
Why it matters: Models that write learn rare passages by heart.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import PEOPLE_READ, SPEAKS, trained_on
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="memorised-data",
    title="{it} recites what it was trained from",
    cause="unexpected-behaviour",
    stride="I",
    looks_at=("model", "hosted-model"),
    when=(
        SPEAKS,
        trained_on("internal"),
        PEOPLE_READ,
    ),
    effect=2,
    atlas=("AML.T0057",),
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SP4.2", "SD3.15"),
    impact={"users": "what they wrote comes out"},
)
KEPT: dict[str, dict[str, Json]] = {
    "trained from letters": {
        "model": [{"id": "writer", "path": "models/writer.gguf", "trained-from": ["letters"]}],
        "dataset": [{"id": "letters", "path": "data/letters.txt", "sensitivity": "confidential"}],
        "group": [{"id": "staff", "may": ["chat:writer"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "trained elsewhere": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}

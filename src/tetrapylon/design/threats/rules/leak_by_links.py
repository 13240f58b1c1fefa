"""Data leaves in links and pictures of an answer.

What it does: Looks at models that answer in language, hold data that is not public, and whose answers people see.
Why it matters: A picture in an answer is fetched by itself, with whatever stands in its address.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import PEOPLE_READ, SPEAKS, sensitive
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="leak-by-links",
    title="Data leaves in links and pictures of what {it} writes",
    cause="compromise",
    stride="I",
    looks_at=("model", "hosted-model"),
    when=(
        SPEAKS,
        PEOPLE_READ,
        sensitive("internal"),
    ),
    effect=2,
    atlas=("AML.T0077", "AML.T0057"),
    owasp=("LLM05:2025", "LLM10:2026", "LLM02:2025", "LLM02:2026"),
    practices=("SD3.15", "SD3.8", "SP4.2"),
    impact={"users": "what they asked is known to others"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people read answers": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"nobody reads": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]}}

"""Content that a model reads gives it orders.

What it does: Looks at models that answer in language and read what is stored, fetched or returned.
Why it matters: Whoever can write a page, a mail or a record that is read can speak to the model without being a user.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import READS_CONTENT, SPEAKS
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="indirect-injection",
    title="Content that {it} reads gives it orders",
    cause="compromise",
    stride="TE",
    looks_at=("model", "hosted-model"),
    when=(
        SPEAKS,
        READS_CONTENT,
    ),
    effect=3,
    atlas=("AML.T0051.001", "AML.T0093", "AML.T0066"),
    owasp=("LLM01:2025", "LLM01:2026"),
    practices=("SD3.15", "SO2.5", "SP4.2"),
    impact={"system": "acts for somebody who is no user of it", "users": "are harmed by asking an honest question"},
)
KEPT: dict[str, dict[str, Json]] = {
    "reads a store": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "store": [{"id": "mails", "sensitivity": "confidential"}],
        "flow": [{"from": "mails", "to": "talker", "carries": ["mails"]}],
    },
    "calls a tool": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "tool": [{"id": "look-up", "effect": "read"}],
    },
}
CLOSED: dict[str, dict[str, Json]] = {
    "reads nothing": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}

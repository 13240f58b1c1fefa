"""Records of questions and answers are read.

What it does: Looks at what records traffic.
Why it matters: A record of everything that was asked is worth more than any one answer.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import sensitive
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="log-exposure",
    title="What {it} recorded is read by others",
    cause="compromise",
    stride="I",
    looks_at=("journal",),
    when=(sensitive("internal"),),
    effect=2,
    atlas=("AML.T0036",),
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SV2.9", "SO2.2"),
    impact={"users": "everything they ever asked is open"},
)
KEPT: dict[str, dict[str, Json]] = {
    "traffic is recorded": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "group": [{"id": "staff", "may": ["chat:talker"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"nothing is asked": {"group": [{"id": "staff"}]}}

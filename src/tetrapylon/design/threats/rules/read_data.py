"""Stored data is read by somebody who may not.

What it does: Looks at stores and data sets that hold data which is not public.
Why it matters: The more sensitive the data, the more it is worth to somebody.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import sensitive
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="read-data",
    title="What {it} holds is read by others",
    cause="compromise",
    stride="I",
    looks_at=("store", "dataset"),
    when=(sensitive("internal"),),
    effect=2,
    atlas=("AML.T0036", "AML.T0085"),
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SP1.5", "SV2.10"),
    impact={"users": "what they entrusted is known to others", "organisation": "answers for a breach of confidence"},
)
KEPT: dict[str, dict[str, Json]] = {
    "confidential": {"store": [{"id": "notes", "sensitivity": "confidential"}]},
    "personal": {"store": [{"id": "notes", "sensitivity": "internal", "personal": True}]},
}
CLOSED: dict[str, dict[str, Json]] = {"public": {"store": [{"id": "notes", "sensitivity": "public"}]}}

"""Whoever runs the place reads what is there.

What it does: Looks at places that a supplier runs.
Why it matters: Whoever owns the machine needs no password.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="host-reads",
    title="Whoever runs {it} reads what is there",
    cause="compromise",
    stride="I",
    looks_at=("location",),
    when=(
        fact("operator", "a supplier runs it", "the manifest names a supplier who runs it", "the manifest names nobody else who runs it"),
    ),
    effect=2,
    atlas=("AML.T0037",),
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SP1.5", "SV1.2"),
    impact={"users": "what they entrusted is in other hands"},
)
KEPT: dict[str, dict[str, Json]] = {"rented": {"supplier": [{"id": "cloud"}], "location": [{"id": "hall", "operator": "cloud"}]}}
CLOSED: dict[str, dict[str, Json]] = {"our own": {"location": [{"id": "cellar"}]}}

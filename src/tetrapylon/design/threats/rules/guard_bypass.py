"""A guard is got round, or does not guard.

What it does: Looks at the configuration of guards.
Why it matters: A guard that nobody measured is a belief.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="guard-bypass",
    title="Something gets past {it}",
    cause="compromise",
    stride="TE",
    looks_at=("guard",),
    effect=2,
    atlas=("AML.T0054", "AML.T0068"),
    owasp=("LLM01:2025", "LLM01:2026"),
    practices=("SD3.15", "SP4.4"),
    impact={"system": "lets through what it is there to stop"},
)
KEPT: dict[str, dict[str, Json]] = {"a guard": {"system": {"guards": ["guards/input.toml"]}}}
CLOSED: dict[str, dict[str, Json]] = {}

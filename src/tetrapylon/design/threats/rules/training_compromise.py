"""Whoever gets into training makes the model.

What it does: Looks at where models are trained and the release is built.
Why it matters: What is planted there is signed with the right key.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="training-compromise",
    title="Somebody gets into {it}, and makes what is released",
    cause="compromise",
    stride="TE",
    looks_at=("pipeline",),
    effect=3,
    atlas=("AML.T0010.001", "AML.T0018.000", "AML.T0020"),
    owasp=("LLM03:2025", "LLM04:2026", "LLM04:2025", "LLM05:2026"),
    practices=("SP1.4", "SP1.5"),
    impact={"system": "is made by somebody else", "organisation": "signs what it did not make"},
)
KEPT: dict[str, dict[str, Json]] = {"every system": {}}
CLOSED: dict[str, dict[str, Json]] = {}

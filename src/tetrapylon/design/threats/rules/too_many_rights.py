"""A component that was taken over can do more than its task needs.

What it does: Looks at services that hold rights.
Why it matters: Rights that nobody needs are rights that an attacker uses.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="too-many-rights",
    title="{it} is taken over, and what it may do is used for something else",
    cause="compromise",
    stride="E",
    looks_at=("service",),
    when=(
        fact(
            "may", "it holds rights", "the manifest grants it rights", "the manifest grants it nothing, and what is not granted is denied"
        ),
    ),
    effect=2,
    atlas=("AML.T0053",),
    owasp=("LLM06:2025", "LLM03:2026"),
    practices=("SD3.18",),
    impact={"system": "does what the component may"},
)
KEPT: dict[str, dict[str, Json]] = {
    "with rights": {"model": [{"id": "reader", "path": "models/reader.onnx"}], "service": [{"id": "worker", "may": ["infer:reader"]}]}
}
CLOSED: dict[str, dict[str, Json]] = {"without": {"service": [{"id": "worker"}]}}

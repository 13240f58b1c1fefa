"""A dependency does something else as well.

What it does: Looks at what is installed beside the code.
Why it matters: A library runs with every right of the program that loads it.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="malicious-dependency",
    title="Something in {it} does more than it says",
    cause="compromise",
    stride="TE",
    looks_at=("dependencies",),
    effect=3,
    atlas=("AML.T0010.001", "AML.T0011.001"),
    owasp=("LLM03:2025", "LLM04:2026"),
    practices=("SV1.5", "SV1.7", "SD3.5", "SP1.8"),
    impact={"system": "runs somebody else's code"},
)
KEPT: dict[str, dict[str, Json]] = {"every system": {}}
CLOSED: dict[str, dict[str, Json]] = {}

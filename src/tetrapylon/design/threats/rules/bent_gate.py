"""A release is let through by bending the rules.

What it does: Looks at the policies that decide a release.
Why it matters: Whoever may change the rule needs no other way in.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="bent-gate",
    title="{it} is changed so that a release gets through",
    cause="compromise",
    stride="TR",
    looks_at=("policy",),
    effect=2,
    practices=("SP4.6", "SP4.7", "SP2.7"),
    impact={"organisation": "releases what it would have refused"},
)
KEPT: dict[str, dict[str, Json]] = {"every system": {}}
CLOSED: dict[str, dict[str, Json]] = {}

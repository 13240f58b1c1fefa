"""An update brings something else, or an old weakness back.

What it does: Looks at the way from build to where it runs.
Why it matters: An update is the one thing that everybody installs unseen.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="update-compromise",
    title="Something else comes in by {it}",
    cause="compromise",
    stride="TE",
    looks_at=("update-path",),
    effect=3,
    atlas=("AML.T0010", "AML.T0109"),
    owasp=("LLM03:2025", "LLM04:2026"),
    practices=("SO3.2", "SO3.9", "SP2.7"),
    impact={"system": "is replaced", "users": "install what harms them"},
)
KEPT: dict[str, dict[str, Json]] = {"every system": {}}
CLOSED: dict[str, dict[str, Json]] = {}

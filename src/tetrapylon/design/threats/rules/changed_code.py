"""Code is changed by somebody who may not.

What it does: Looks at the source of the release.
Why it matters: Whoever writes the code needs no prompt.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="changed-code",
    title="{it} of the release is changed by somebody who may not",
    cause="compromise",
    stride="TE",
    looks_at=("code",),
    effect=3,
    atlas=("AML.T0010.001",),
    owasp=("LLM03:2025", "LLM04:2026"),
    practices=("SP1.4", "SV1.10"),
    impact={"system": "is somebody else's"},
)
KEPT: dict[str, dict[str, Json]] = {"code": {"system": {"code": ["src"]}}}
CLOSED: dict[str, dict[str, Json]] = {}

"""Instructions are changed before they reach the model.

What it does: Looks at every prompt.
Why it matters: Whoever changes a prompt changes what the system does, without touching a line of code.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="changed-prompt",
    title="{it} is changed by somebody who may not",
    cause="compromise",
    stride="T",
    looks_at=("prompt",),
    effect=2,
    atlas=("AML.T0081",),
    practices=("SP2.4", "SV3.7"),
    impact={"system": "follows other instructions"},
)
KEPT: dict[str, dict[str, Json]] = {"a prompt": {"prompt": [{"id": "rules", "path": "prompts/rules.md"}]}}
CLOSED: dict[str, dict[str, Json]] = {}

"""A hosted model changes without a word.

What it does: Looks at models behind an address without a pinned snapshot.
Why it matters: What was tested yesterday is not what answers today.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="changed-model",
    title="{it} is another model than the one that was tested",
    cause="unexpected-behaviour",
    stride="T",
    looks_at=("hosted-model",),
    when=(
        fact(
            "snapshot",
            "it is not pinned",
            "the manifest pins no snapshot of it",
            "it is pinned to a snapshot that its supplier does not change",
            missing=True,
        ),
    ),
    effect=2,
    atlas=("AML.T0109",),
    owasp=("LLM03:2025", "LLM04:2026"),
    practices=("SD3.4", "SO1.2", "SO3.4"),
    impact={"system": "behaves differently from one day to the next", "users": "rely on what was true yesterday"},
)
KEPT: dict[str, dict[str, Json]] = {"not pinned": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]}}
CLOSED: dict[str, dict[str, Json]] = {
    "pinned": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1", "snapshot": "2026-01-01"}]}
}

"""A sensitive place shares something with a less careful one.

What it does: Looks at environments that are declared sensitive.
Why it matters: What is kept apart on paper is often one password away.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="shared-environment",
    title="{it} is entered from a place that is less careful",
    cause="compromise",
    stride="EI",
    looks_at=("environment",),
    when=(fact("sensitive", "it is sensitive", "the manifest calls it sensitive", "the manifest does not call it sensitive"),),
    effect=2,
    atlas=("AML.T0012",),
    practices=("SP1.5", "SP1.8"),
    impact={"system": "what is held there is open"},
)
KEPT: dict[str, dict[str, Json]] = {"sensitive": {"environment": [{"id": "live", "stage": "production", "sensitive": True}]}}
CLOSED: dict[str, dict[str, Json]] = {"not sensitive": {"environment": [{"id": "sandbox", "stage": "test"}]}}

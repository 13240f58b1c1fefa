"""A safe setting is switched off.

What it does: Looks at the settings in force.
Why it matters: The most common way in is a door that somebody left open.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="weakened-settings",
    title="{it} are weakened, and nobody notices",
    cause="unexpected-behaviour",
    stride="E",
    looks_at=("configuration",),
    effect=2,
    practices=("SD3.17",),
    impact={"system": "runs with an open door"},
)
KEPT: dict[str, dict[str, Json]] = {"every system": {}}
CLOSED: dict[str, dict[str, Json]] = {}

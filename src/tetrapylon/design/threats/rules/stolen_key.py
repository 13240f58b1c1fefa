"""Somebody signs with a person's key.

What it does: Looks at people whose signature counts.
Why it matters: A signature is all that a reader far away can go by.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="stolen-key",
    title="The key of {it} is used by somebody else",
    cause="compromise",
    stride="SR",
    looks_at=("person",),
    when=(fact("roles", "the person signs in a role", "what this person signs counts", "nothing that this person signs counts"),),
    effect=3,
    atlas=("AML.T0055",),
    practices=("SP2.7",),
    impact={"organisation": "vouches for what it never saw"},
)
KEPT: dict[str, dict[str, Json]] = {"with a role": {"person": [{"id": "owner-1", "roles": ["owner"], "key": "keys/owner-1.pub"}]}}
CLOSED: dict[str, dict[str, Json]] = {"without": {"person": [{"id": "guest-1", "roles": [], "key": "keys/guest-1.pub"}]}}

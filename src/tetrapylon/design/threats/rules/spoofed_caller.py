"""Somebody calls in another's name.

What it does: Looks at everything that is called: gateways, services, models behind an address.
Why it matters: Whoever is taken for somebody else gets what that person may do.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="spoofed-caller",
    title="Somebody calls {it} in another's name",
    cause="compromise",
    stride="S",
    looks_at=("gateway", "service", "hosted-model"),
    when=(exposed(1),),
    effect=2,
    atlas=("AML.T0012", "AML.T0091"),
    practices=("SP1.2", "SD3.18"),
    impact={"users": "others act and read in their name"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people reach it": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"nobody reaches it": {"service": [{"id": "worker"}]}}

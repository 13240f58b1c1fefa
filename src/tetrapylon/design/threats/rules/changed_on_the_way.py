"""Data is changed on its way across a boundary.

What it does: Looks at every flow that crosses a boundary of trust.
Why it matters: Past a boundary of trust nobody of ours watches the wire.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import crosses
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="changed-on-the-way",
    title="Data is changed on its way from {it}",
    cause="compromise",
    stride="T",
    when_flow=crosses,
    effect=2,
    practices=("SP1.2", "SP1.5"),
    impact={"system": "works on what an attacker wrote"},
)
KEPT: dict[str, dict[str, Json]] = {
    "from outside": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "inside": {
        "service": [{"id": "worker"}],
        "store": [{"id": "notes", "sensitivity": "internal"}],
        "flow": [{"from": "worker", "to": "notes", "carries": ["note"]}],
    }
}

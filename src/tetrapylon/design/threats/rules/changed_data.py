"""Stored data is changed by somebody who may not.

What it does: Looks at stores, data sets and records that can be reached.
Why it matters: What is read later is believed.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="changed-data",
    title="What {it} holds is changed",
    cause="compromise",
    stride="T",
    looks_at=("store", "dataset", "journal"),
    when=(exposed(1),),
    effect=2,
    atlas=("AML.T0059",),
    practices=("SV2.3", "SV2.8", "SP1.5"),
    impact={"system": "works on false data"},
)
KEPT: dict[str, dict[str, Json]] = {
    "reached from outside": {
        "store": [{"id": "notes", "sensitivity": "internal"}],
        "flow": [{"from": "customer", "to": "notes", "carries": ["note"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"nobody reaches it": {"store": [{"id": "notes", "sensitivity": "internal"}]}}

"""Data is read on its way across a boundary.

What it does: Looks at every flow that crosses a boundary of trust.
Why it matters: What has left cannot be called back.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import crosses
from tetrapylon.design.threats.element import Flow
from tetrapylon.design.threats.graph import Graph
from tetrapylon.design.threats.rule import Rule, Ruling
from tetrapylon.kernel.canonical import Json


def leaks(graph: Graph, flow: Flow) -> Ruling:
    """Return whether data that is not public crosses a boundary."""
    found = crosses(graph, flow)
    if found.holds and not graph.elements[flow.source].sensitivity:
        return Ruling(holds=False, reason=f"nothing but public data is known to come from {flow.source}")
    return found


RULE = Rule(
    id="read-on-the-way",
    title="Data is read on its way from {it}",
    cause="compromise",
    stride="I",
    when_flow=leaks,
    effect=2,
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SP1.2", "SD3.8"),
    impact={"users": "what they sent is known to others"},
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

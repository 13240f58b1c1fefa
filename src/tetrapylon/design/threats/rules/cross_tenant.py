"""One user gets what belongs to another.

What it does: Looks at what serves outsiders, or several groups, while data that is not public is within its reach.
Why it matters: A model has no idea whose data it may tell whom.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import condition, sensitive
from tetrapylon.design.threats.element import Element
from tetrapylon.design.threats.graph import Graph
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json


def _served(graph: Graph, element: Element) -> list[str]:
    flows = graph.into.get(element.key, ())
    return sorted({each.source for each in flows if graph.elements[each.source].kind in {"actor", "group"}})


def _several(graph: Graph, element: Element) -> bool:
    # Outsiders of one kind are still many, and strangers to each other; members of one group have the same rights.
    served = _served(graph, element)
    return len(served) > 1 or any(graph.elements[each].kind == "actor" for each in served)


SEVERAL = condition(
    "it serves outsiders, or several groups",
    _several,
    lambda graph, element: "it serves " + " and ".join(_served(graph, element)[:2]),
    "it serves one group at most, whose members have the same rights",
)

RULE = Rule(
    id="cross-tenant",
    title="{it} gives one user what belongs to another",
    cause="compromise",
    stride="I",
    looks_at=("gateway", "service"),
    when=(
        SEVERAL,
        sensitive("internal"),
    ),
    effect=3,
    atlas=("AML.T0057", "AML.T0085"),
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SP1.2", "SD3.18", "SV2.10"),
    impact={"users": "others see what they entrusted", "organisation": "answers for a breach of confidence"},
)
KEPT: dict[str, dict[str, Json]] = {
    "many customers": {"service": [{"id": "desk"}], "flow": [{"from": "customer", "to": "desk", "carries": ["question"]}]},
    "customers and staff": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "group": [{"id": "staff", "may": ["chat:talker"]}],
        "flow": [{"from": "customer", "to": "gateway", "carries": ["question"]}],
    },
}
CLOSED: dict[str, dict[str, Json]] = {
    "one group": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "group": [{"id": "staff", "may": ["chat:talker"]}],
    }
}

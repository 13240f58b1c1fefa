"""One user gets what belongs to another.

What it does: Looks at what serves several kinds of people while confidential data is within its reach.
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
    # Outside actors are many: one of them is already a crowd, but only of the same kind.
    return len(_served(graph, element)) > 1


SEVERAL = condition(
    "it serves several kinds of people",
    _several,
    lambda graph, element: "it serves " + " and ".join(_served(graph, element)[:2]),
    "it serves no more than one kind of people",
)

RULE = Rule(
    id="cross-tenant",
    title="{it} gives one user what belongs to another",
    cause="compromise",
    stride="I",
    looks_at=("gateway", "service"),
    when=(
        SEVERAL,
        sensitive("confidential"),
    ),
    effect=3,
    atlas=("AML.T0057", "AML.T0085"),
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SP1.2", "SD3.18", "SV2.10"),
    impact={"users": "others see what they entrusted", "organisation": "answers for a breach of confidence"},
)
KEPT: dict[str, dict[str, Json]] = {
    "customers and staff": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "group": [{"id": "staff", "may": ["chat:talker"]}],
        "flow": [{"from": "customer", "to": "gateway", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "one group": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "group": [{"id": "staff", "may": ["chat:talker"]}],
    }
}

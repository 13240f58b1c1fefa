"""A hosted model is gone and nothing takes over.

What it does: Looks at hosted models without an alternate.
Why it matters: A supplier ends a model, an account or a country at a month's notice, or none.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import condition
from tetrapylon.design.threats.element import Element
from tetrapylon.design.threats.graph import Graph
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json


def _alone(graph: Graph, element: Element) -> bool:
    if element.part.facts.get("alternate"):
        return False
    return all(each.get("alternate") != element.id for each in graph.facts.get("model", ()))


ALONE = condition(
    "nothing can take over from it",
    _alone,
    "the manifest names no model that takes over",
    "another model takes over, or it is itself the one that takes over",
)

RULE = Rule(
    id="no-alternate",
    title="{it} is gone, and nothing takes over",
    cause="unexpected-behaviour",
    stride="D",
    looks_at=("hosted-model",),
    when=(ALONE,),
    effect=2,
    practices=("SV1.8", "SV1.2"),
    impact={"system": "stands still", "users": "are left without it"},
)
KEPT: dict[str, dict[str, Json]] = {"alone": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]}}
CLOSED: dict[str, dict[str, Json]] = {
    "an alternate": {
        "model": [
            {"id": "talker", "endpoint": "https://models.example.org/v1", "alternate": "other"},
            {"id": "other", "endpoint": "https://other.example.org/v1"},
        ]
    }
}

"""A model gives away its instructions.

What it does: Looks at prompts that reach a model which people read.
Why it matters: Instructions hold names, limits and sometimes secrets, and tell how to get round them.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import condition
from tetrapylon.design.threats.element import Element
from tetrapylon.design.threats.graph import Graph
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json


def _readers(graph: Graph, element: Element) -> list[str]:
    return sorted({graph.heard[each.target] for each in graph.out_of.get(element.key, ()) if each.target in graph.heard})


INSTRUCTS = condition(
    "it instructs a model whose answers people see",
    lambda graph, element: bool(_readers(graph, element)),
    lambda graph, element: f"it instructs a model whose answers {_readers(graph, element)[0]} sees",
    "it reaches no model whose answers people see",
)

RULE = Rule(
    id="prompt-leak",
    title="{it} is given away to whoever asks for it well",
    cause="compromise",
    stride="I",
    looks_at=("prompt",),
    when=(INSTRUCTS,),
    effect=1,
    atlas=("AML.T0056", "AML.T0069.002", "AML.T0084.000"),
    owasp=("LLM07:2025", "LLM08:2026"),
    practices=("SP4.2", "SD3.15"),
    impact={"organisation": "its rules are known to who wants to break them"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people read": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "prompt": [{"id": "rules", "path": "prompts/rules.md", "model": "talker"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "reaches no model": {"prompt": [{"id": "rules", "path": "prompts/rules.md"}]},
    "nobody reads": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "prompt": [{"id": "rules", "path": "prompts/rules.md", "model": "talker"}],
    },
}

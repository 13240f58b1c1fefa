"""Answers come from somebody else than they seem to.

What it does: Looks at how models behind an address are reached.
Why it matters: An answer that was swapped on the way is acted on like a true one.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import condition
from tetrapylon.design.threats.element import Element
from tetrapylon.design.threats.graph import Graph
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

_HERE = ("127.0.0.1", "localhost", "[::1]")


def _plain(graph: Graph, element: Element) -> bool:
    del graph
    scheme, _, rest = str(element.part.facts.get("endpoint", "")).partition("://")
    return scheme.lower() != "https" and not rest.startswith(_HERE)


PLAIN = condition(
    "its address is neither encrypted nor on the same machine",
    _plain,
    "its address is not `https`, and not on the same machine",
    "its address is encrypted, or on the same machine",
)

RULE = Rule(
    id="spoofed-model",
    title="Somebody else answers for {it}",
    cause="compromise",
    stride="ST",
    looks_at=("hosted-model",),
    when=(PLAIN,),
    effect=2,
    atlas=("AML.T0073",),
    owasp=("LLM03:2025", "LLM04:2026"),
    practices=("SD3.4", "SV1.7"),
    impact={"system": "answers are an attacker's"},
)
KEPT: dict[str, dict[str, Json]] = {"plain http": {"model": [{"id": "talker", "endpoint": "http://models.example.org/v1"}]}}
CLOSED: dict[str, dict[str, Json]] = {
    "encrypted": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]},
    "on this machine": {"model": [{"id": "talker", "endpoint": "http://127.0.0.1:8000/v1"}]},
}

"""Nobody can show afterwards who did what.

What it does: Looks at groups and services that may call tools or write data.
Why it matters: An action that nobody can be held to is repeated.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import condition
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

ACTS = condition(
    "it may call tools or write data",
    lambda _, element: any(each.startswith(("call:", "write:")) for each in element.part.facts.get("may", ())),
    "it may call tools or write data",
    "it may neither call tools nor write data",
)

RULE = Rule(
    id="unattributed-action",
    title="What {it} did cannot be shown afterwards",
    cause="compromise",
    stride="R",
    looks_at=("group", "service"),
    when=(ACTS,),
    effect=2,
    practices=("SP5.8", "SO2.1"),
    impact={"organisation": "cannot answer for what was done"},
)
KEPT: dict[str, dict[str, Json]] = {
    "may write": {"service": [{"id": "worker", "may": ["write:notes"]}], "store": [{"id": "notes", "sensitivity": "internal"}]}
}
CLOSED: dict[str, dict[str, Json]] = {
    "may only ask": {"model": [{"id": "reader", "path": "models/reader.onnx"}], "group": [{"id": "staff", "may": ["infer:reader"]}]}
}

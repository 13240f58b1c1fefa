"""The weights are stolen.

What it does: Looks at every model; what a supplier hosts is closed with that reason.
Why it matters: Weights are worth what training them cost, fit on a stick, and show every weakness to whoever holds them.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import condition
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

HELD = condition(
    "its weights are ours to lose",
    lambda _, element: element.kind == "model" or not element.part.facts.get("supplier"),
    lambda _, element: "its weights are files of ours" if element.kind == "model" else "the manifest names no supplier who hosts it",
    "its weights are where its supplier hosts it, and no file of ours holds them",
)

RULE = Rule(
    id="weight-theft",
    title="The weights of {it} are stolen",
    cause="compromise",
    stride="I",
    looks_at=("model", "hosted-model"),
    when=(HELD,),
    effect=3,
    atlas=("AML.T0025", "AML.T0035", "AML.T0044", "AML.T0048.004"),
    practices=("SP1.4", "SP1.5", "SV2.3"),
    impact={"organisation": "loses what the model is worth", "system": "can be attacked with full knowledge"},
    scenario="weight-theft",
)
KEPT: dict[str, dict[str, Json]] = {
    "hosted by ourselves": {"model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}]},
    "a file of ours": {"model": [{"id": "reader", "path": "models/reader.onnx"}]},
}
CLOSED: dict[str, dict[str, Json]] = {
    "hosted by a supplier": {
        "supplier": [{"id": "acme"}],
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1", "supplier": "acme"}],
    }
}

"""A picture is made so that the part which a model sees misleads it.

What it does: Looks at steps that crop.
Why it matters: People judge the whole picture, and the model a part of it.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import ASKED, condition, exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

CROPS = condition(
    "it sees a part of each picture",
    lambda _, element: any(each.get("op") in {"crop", "centre-crop"} for each in element.part.facts.get("preprocess", ())),
    "a step of its preprocessing crops, so it sees a part of each picture",
    "no step of its preprocessing crops",
)

RULE = Rule(
    id="crop-attack",
    title="A picture is made so that the part which {it} sees misleads",
    cause="compromise",
    stride="T",
    looks_at=("model", "hosted-model"),
    when=(
        CROPS,
        ASKED,
        exposed(1),
    ),
    effect=2,
    atlas=("AML.T0015", "AML.T0043.003"),
    practices=("SO2.6",),
    impact={"system": "judges a part for the whole"},
)
KEPT: dict[str, dict[str, Json]] = {
    "crops": {
        "model": [{"id": "reader", "path": "models/reader.onnx", "preprocess": [{"op": "centre-crop", "size": [64, 64]}]}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "sees the whole": {
        "model": [{"id": "reader", "path": "models/reader.onnx"}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}

"""A model answers about something that it never learned.

What it does: Looks at models that predict and that people reach.
Why it matters: A model cannot say that it does not know unless it was made to.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import ASKED, PREDICTS, exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="unfamiliar-input",
    title="{it} is sure about an input like none that it ever saw",
    cause="unexpected-behaviour",
    stride="T",
    looks_at=("model", "hosted-model"),
    when=(
        PREDICTS,
        ASKED,
        exposed(1),
    ),
    effect=1,
    practices=("SO2.4", "SP4.5"),
    impact={"users": "are given a guess as an answer"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people reach it": {
        "model": [{"id": "reader", "path": "models/reader.onnx"}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {"nobody does": {"model": [{"id": "reader", "path": "models/reader.onnx"}]}}

"""An input is made so that a model gets it wrong.

What it does: Looks at models that predict from inputs which somebody chooses.
Why it matters: A change that nobody sees is enough to turn an answer round, and can be searched for by machine.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import ASKED, PREDICTS, exposed
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="evasion",
    title="An input is made so that {it} gets it wrong",
    cause="compromise",
    stride="T",
    looks_at=("model", "hosted-model"),
    when=(
        PREDICTS,
        ASKED,
        exposed(1),
    ),
    effect=2,
    atlas=("AML.T0015", "AML.T0043.000", "AML.T0043.001", "AML.T0043.002"),
    practices=("SO2.5", "SP4.2"),
    impact={"system": "is wrong where an attacker wants it", "users": "are harmed by a wrong answer"},
)
KEPT: dict[str, dict[str, Json]] = {
    "people choose inputs": {
        "model": [{"id": "reader", "path": "models/reader.onnx"}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "it speaks": {
        "model": [{"id": "talker", "endpoint": "https://models.example.org/v1"}],
        "flow": [{"from": "customer", "to": "talker", "carries": ["question"]}],
    },
    "nobody reaches it": {"model": [{"id": "reader", "path": "models/reader.onnx"}]},
}

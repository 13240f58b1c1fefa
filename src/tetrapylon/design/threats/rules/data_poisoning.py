"""Training data is made to teach something wrong.

What it does: Looks at data sets that a model is trained from.
Why it matters: A model learns what it is shown, a hidden trigger included, and no test asks for what nobody thinks of.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import TRAINS
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="data-poisoning",
    title="{it} is changed so that what learns from it goes wrong",
    cause="compromise",
    stride="T",
    looks_at=("dataset",),
    when=(TRAINS,),
    effect=3,
    atlas=("AML.T0020", "AML.T0059", "AML.T0043.004"),
    owasp=("LLM04:2025", "LLM05:2026"),
    practices=("SP2.4", "SV3.4"),
    impact={"system": "decides wrongly where the attacker wants it", "users": "are judged by what was planted"},
)
KEPT: dict[str, dict[str, Json]] = {
    "trained from": {
        "model": [{"id": "reader", "path": "models/reader.onnx", "trained-from": ["digits"]}],
        "dataset": [{"id": "digits", "path": "data/digits.csv", "sensitivity": "internal"}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "looked up only": {"dataset": [{"id": "digits", "path": "data/digits.csv", "sensitivity": "internal"}]}
}

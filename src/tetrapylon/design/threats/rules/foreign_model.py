"""A model from elsewhere holds a back door.

What it does: Looks at model files that were not trained here from declared data.
Why it matters: What a model learned elsewhere cannot be read off its weights.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import fact
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="foreign-model",
    title="{it} was made elsewhere, and holds more than it shows",
    cause="compromise",
    stride="TE",
    looks_at=("model",),
    when=(
        fact(
            "trained-from",
            "it was not trained here from declared data",
            "the manifest names no data that it was trained from",
            "the manifest says what it was trained from here",
            missing=True,
        ),
    ),
    effect=3,
    atlas=("AML.T0010.003", "AML.T0058", "AML.T0018.000"),
    owasp=("LLM03:2025", "LLM04:2026", "LLM04:2025", "LLM05:2026"),
    practices=("SV1.10", "SD3.6", "SD4.7"),
    impact={"system": "decides as somebody else trained it to"},
)
KEPT: dict[str, dict[str, Json]] = {"from elsewhere": {"model": [{"id": "reader", "path": "models/reader.onnx"}]}}
CLOSED: dict[str, dict[str, Json]] = {
    "trained here": {
        "model": [{"id": "reader", "path": "models/reader.onnx", "trained-from": ["digits"]}],
        "dataset": [{"id": "digits", "path": "data/digits.csv", "sensitivity": "internal"}],
    }
}

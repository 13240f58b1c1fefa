"""A model file is exchanged after training.

What it does: Looks at every model file.
Why it matters: Nobody sees from the outside that a model is another one.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="swapped-weights",
    title="{it} is exchanged for another model",
    cause="compromise",
    stride="T",
    looks_at=("model",),
    effect=3,
    atlas=("AML.T0018", "AML.T0018.000"),
    owasp=("LLM04:2025", "LLM05:2026"),
    practices=("SP2.3", "SP2.6", "SV2.6", "SV3.7"),
    impact={"system": "decides as an attacker trained it to"},
)
KEPT: dict[str, dict[str, Json]] = {"a file": {"model": [{"id": "reader", "path": "models/reader.onnx"}]}}
CLOSED: dict[str, dict[str, Json]] = {}

"""The world changes and a model does not.

What it does: Looks at every model.
Why it matters: A model keeps answering with the same confidence long after it has stopped being right.
"""

from __future__ import annotations

from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="drift",
    title="{it} gets worse without anybody noticing",
    cause="unexpected-behaviour",
    stride="T",
    looks_at=("model", "hosted-model"),
    effect=2,
    atlas=("AML.T0031",),
    practices=("SO1.1", "SO1.3", "SO1.5"),
    impact={"system": "is wrong more often, and as sure as ever", "users": "rely on what used to be true"},
)
KEPT: dict[str, dict[str, Json]] = {"every model": {"model": [{"id": "reader", "path": "models/reader.onnx"}]}}
CLOSED: dict[str, dict[str, Json]] = {}

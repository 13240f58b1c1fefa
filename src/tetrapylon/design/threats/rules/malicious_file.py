"""A model file runs code when it is opened.

What it does: Looks at the format of model files.
Why it matters: A pickle is a program that ends by giving back a model.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import condition
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

_NUMBERS = (".safetensors", ".onnx", ".gguf", ".tflite")
"""Formats that hold numbers and a graph of operations, and nothing that opening them would run."""

CARRIES = condition(
    "its format can carry code",
    lambda _, element: not str(element.part.facts.get("path", "")).lower().endswith(_NUMBERS),
    "its format can carry code, or does not say what it is",
    "its format holds numbers and a graph of operations, and no code that opening it would run",
)

RULE = Rule(
    id="malicious-file",
    title="Opening {it} runs somebody's code",
    cause="compromise",
    stride="TE",
    looks_at=("model",),
    when=(CARRIES,),
    effect=3,
    atlas=("AML.T0018.002", "AML.T0011.000", "AML.T0058"),
    owasp=("LLM03:2025", "LLM04:2026"),
    practices=("SD3.6", "SD3.7"),
    impact={"system": "belongs to whoever made the file"},
)
KEPT: dict[str, dict[str, Json]] = {
    "a pickle": {"model": [{"id": "reader", "path": "models/reader.joblib"}]},
    "a folder": {"model": [{"id": "reader", "path": "models/reader"}]},
}
CLOSED: dict[str, dict[str, Json]] = {"numbers alone": {"model": [{"id": "reader", "path": "models/reader.safetensors"}]}}

"""Training data is rebuilt from answers.

What it does: Looks at models trained from confidential or personal data whose answers people see.
Why it matters: Answers with scores give back, step by step, what was learned.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import PEOPLE_READ, trained_on
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="model-inversion",
    title="Training data is rebuilt from the answers of {it}",
    cause="compromise",
    stride="I",
    looks_at=("model", "hosted-model"),
    when=(
        trained_on("confidential"),
        PEOPLE_READ,
    ),
    effect=2,
    atlas=("AML.T0024.001",),
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SP2.2", "SO2.1"),
    impact={"users": "what was said about them comes out"},
)
KEPT: dict[str, dict[str, Json]] = {
    "confidential data": {
        "model": [{"id": "reader", "path": "models/reader.onnx", "trained-from": ["patients"]}],
        "dataset": [{"id": "patients", "path": "data/patients.csv", "sensitivity": "confidential"}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "nobody sees answers": {
        "model": [{"id": "reader", "path": "models/reader.onnx", "trained-from": ["patients"]}],
        "dataset": [{"id": "patients", "path": "data/patients.csv", "sensitivity": "confidential"}],
    }
}

"""Somebody finds out who was in the training data.

What it does: Looks at models trained from confidential or personal data whose answers people see.
Why it matters: Having been in the data can itself be the secret.
"""

from __future__ import annotations

from tetrapylon.design.threats.conditions import PEOPLE_READ, trained_on
from tetrapylon.design.threats.rule import Rule
from tetrapylon.kernel.canonical import Json

RULE = Rule(
    id="membership-inference",
    title="Somebody finds out from {it} who was in its training data",
    cause="compromise",
    stride="I",
    looks_at=("model", "hosted-model"),
    when=(
        trained_on("confidential"),
        PEOPLE_READ,
    ),
    effect=2,
    atlas=("AML.T0024.000",),
    owasp=("LLM02:2025", "LLM02:2026"),
    practices=("SP2.2", "SO2.1"),
    impact={"users": "it is known that their data was used"},
)
KEPT: dict[str, dict[str, Json]] = {
    "personal data": {
        "model": [{"id": "reader", "path": "models/reader.onnx", "trained-from": ["patients"]}],
        "dataset": [{"id": "patients", "path": "data/patients.csv", "sensitivity": "internal", "personal": True}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}
CLOSED: dict[str, dict[str, Json]] = {
    "public data": {
        "model": [{"id": "reader", "path": "models/reader.onnx", "trained-from": ["digits"]}],
        "dataset": [{"id": "digits", "path": "data/digits.csv", "sensitivity": "public"}],
        "flow": [{"from": "customer", "to": "reader", "carries": ["picture"]}],
    }
}

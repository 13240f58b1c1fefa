"""A mission-critical system whose hosted model has no alternate.

What it does: looks at the manifest's criticality and at each hosted model that nothing could take over from.
Why it matters: when the supplier fails, by outage or by its security, there is nowhere to go.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "high"
RISK = ("SV1.8",)
_MODEL = {"id": "a", "endpoint": "https://models.example.org/v1"}
GOOD: dict[str, dict[str, Json]] = {
    "low": {"facts": {"model": [_MODEL]}},
    "both": {"facts": {"system": {"criticality": "mission"}, "model": [{**_MODEL, "alternate": "b"}, {**_MODEL, "id": "b"}]}},
}
BAD: dict[str, dict[str, Json]] = {"alone": {"facts": {"system": {"criticality": "mission"}, "model": [_MODEL]}}}


def detect(look: Look) -> Iterator[Debt]:
    """Yield each model; an alternate itself needs none."""
    if look.facts["system"].get("criticality") != "mission":
        return
    alternates = {each.get("alternate") for _, each in look.rows("model")}
    for place, each in look.rows("model"):
        if "endpoint" in each and "alternate" not in each and each["id"] not in alternates:
            yield Debt(f"nothing can take over from `{each['id']}`", place, each["id"], SEVERITY, RISK)

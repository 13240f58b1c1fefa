"""A hosted model without a pinned snapshot.

What it does: looks for models behind an address for which the manifest names no immutable version.
Why it matters: its behaviour can change between two requests, and no test says anything about the next day.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SV1.5", "SD3.4")
GOOD: dict[str, dict[str, Json]] = {
    "pinned": {"facts": {"model": [{"id": "a", "endpoint": "https://models.example.org/v1", "snapshot": "2026-01-01"}]}},
    "file": {"facts": {"model": [{"id": "a", "path": "a.onnx"}]}},
}
BAD: dict[str, dict[str, Json]] = {"unpinned": {"facts": {"model": [{"id": "a", "endpoint": "https://models.example.org/v1"}]}}}


def detect(look: Look) -> Iterator[Debt]:
    """Yield each model."""
    for place, each in look.rows("model"):
        if "endpoint" in each and "snapshot" not in each:
            yield Debt(f"`{each['id']}` is hosted, and no snapshot is pinned", place, each["id"], SEVERITY, RISK)

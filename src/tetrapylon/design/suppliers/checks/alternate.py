"""Somebody else can take over.

What it does: reads `alternate` in the manifest: a model of another supplier.
Why it matters: a supplier that fails its examination can only be left by whoever can go elsewhere.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted"})
WEIGHT = 2
SIGNAL = False
QUESTION: str | None = None

GOOD: dict[str, dict[str, Json]] = {
    "declared": {"kind": "model-hosted", "facts": {"alternate": "b"}, "critical": True},
    "it is one itself": {"kind": "model-hosted", "critical": True, "alternate_of": "a"},
}
BAD: dict[str, dict[str, Json]] = {"none": {"kind": "model-hosted", "critical": True}}
OPEN: dict[str, dict[str, Json]] = {}


def look(case: Case) -> Outcome | None:
    """Return whether an alternate is declared; what is not critical needs none."""
    if case.facts.get("alternate"):
        return good("an alternate is declared")
    if case.alternate_of is not None:
        return good(f"it is the alternate of `{case.alternate_of}` itself")
    return bad("no alternate is declared, and the system is critical") if case.critical else None

"""The supplier answered the questionnaire, signed it, and the answers are about what is used now.

What it does: reads whether the questionnaire on file counts: its signature, its components, its date.
Why it matters: an answer that nobody signed binds nobody.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, unknown
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted", "supplier"})
WEIGHT = 3
SIGNAL = True
QUESTION: str | None = None

GOOD: dict[str, dict[str, Json]] = {"counts": {"kind": "model-hosted", "sheet": {"counts": True, "why": ""}}}
BAD: dict[str, dict[str, Json]] = {"does not count": {"kind": "model-hosted", "sheet": {"counts": False, "why": "it has expired"}}}
OPEN: dict[str, dict[str, Json]] = {
    "none on file": {"kind": "model-hosted"},
    "none on file of a supplier": {"kind": "supplier", "known": {"hosted": True}},
}


def look(case: Case) -> Outcome | None:
    """Return whether the questionnaire counts; who supplies data and libraries alone is sent none."""
    if case.kind == "supplier" and not case.known.get("hosted"):
        return None
    if case.sheet is None:
        return unknown("the supplier has not answered the questionnaire: run `tetrapylon design suppliers questionnaire new`")
    return good("the supplier signed its answers") if case.sheet.counts else bad(f"the questionnaire does not count: {case.sheet.why}")

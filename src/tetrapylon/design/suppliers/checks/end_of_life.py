"""The supplier has not ended what is used, and does not end it soon.

What it does: reads `end-of-life` in `suppliers.toml`, the last day on which it is supported.
Why it matters: what has ended gets no more corrections, and an interface that is switched off takes the system with it.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, unknown
from tetrapylon.design.suppliers.days import days_between
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted", "supplier"})
WEIGHT = 1
SIGNAL = True
QUESTION: str | None = "support"

SOON = 30
"""Days before the end from which on it counts as ended: time that is needed to go elsewhere."""


def _ends(day: str | None) -> dict[str, Json]:
    return {"kind": "model-hosted", "known": {} if day is None else {"end-of-life": day}}


GOOD: dict[str, dict[str, Json]] = {"far away": _ends("2028-01-01")}
BAD: dict[str, dict[str, Json]] = {"over": _ends("2026-05-31"), "soon": _ends("2026-06-20"), "today": _ends("2026-06-01")}
OPEN: dict[str, dict[str, Json]] = {"not declared": _ends(None)}


def look(case: Case) -> Outcome | None:
    """Return whether the end is far away; a supplier of data and libraries alone has no such day."""
    if case.kind == "supplier" and not case.known.get("hosted"):
        return None
    day = case.known.get("end-of-life")
    if not day:
        return unknown("no end of life is declared (`end-of-life` in `suppliers.toml`)")
    left = days_between(case.now, str(day))
    if left < SOON:
        return bad(f"support ends on {day}" if left >= 0 else f"support ended on {day}")
    return good(f"supported until {day}")

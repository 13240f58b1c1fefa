"""Known weaknesses were matched lately with what the supplier supplies, and none is left open too long.

What it does: reads the newest evidence of matching (`vulns`), its age and what is overdue.
Why it matters: a weakness that is known is the first that is tried.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, unknown
from tetrapylon.design.suppliers.days import days_between
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"lock", "supplier"})
WEIGHT = 3
SIGNAL = True
QUESTION: str | None = "weaknesses"

_SOFTWARE: dict[str, Json] = {"kind": "supplier", "known": {"software": True}}
GOOD: dict[str, dict[str, Json]] = {
    "matched": {"kind": "lock", "advisories": ("2026-05-30T00:00:00Z", 0, 0, 30)},
    "a project": {**_SOFTWARE, "advisories": ("2026-05-30T00:00:00Z", 0, 0, 30)},
}
BAD: dict[str, dict[str, Json]] = {"overdue": {"kind": "lock", "advisories": ("2026-05-30T00:00:00Z", 2, 0, 30)}}
OPEN: dict[str, dict[str, Json]] = {
    "nobody matched": {"kind": "lock"},
    "too old": {"kind": "lock", "advisories": ("2026-01-01T00:00:00Z", 0, 0, 30)},
    "not all were checked": {"kind": "lock", "advisories": ("2026-05-30T00:00:00Z", 0, 3, 30)},
    "a project, not matched": _SOFTWARE,
}


def look(case: Case) -> Outcome | None:
    """Return whether weaknesses were matched, and none is overdue."""
    if case.kind == "supplier" and not case.known.get("software"):
        return None
    if case.advisories is None:
        return unknown("known weaknesses were not matched with the locks")
    at, overdue, unchecked, days = case.advisories
    if overdue:
        return bad(f"{overdue} known weaknesses are overdue", overdue)
    if days_between(at, case.now) > days:
        return unknown(f"known weaknesses were last matched on {at[:10]}, more than {days} days ago")
    if unchecked:
        return unknown(f"{unchecked} packages could not be checked for known weaknesses")
    return good(f"known weaknesses were matched on {at[:10]}, none is overdue")

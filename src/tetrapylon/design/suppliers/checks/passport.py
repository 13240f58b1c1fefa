"""A passport that the supplier handed over verifies offline, and its gate released the release.

What it does: verifies the passport's folder (`passport` in `suppliers.toml`) against the trust root that came by another way.
Why it matters: a passport is the supplier's own evidence, as strong as what it is compared with; one that is broken says more.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, unknown
from tetrapylon.design.suppliers.days import days_between
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted", "model-file", "supplier"})
WEIGHT = 2
SIGNAL = True
QUESTION: str | None = None

_PASSPORT = {"verdict": "released", "anchored": True, "at": "2026-05-01T00:00:00Z"}
_GIVEN: dict[str, Json] = {"kind": "model-hosted", "known": {"passport": "suppliers/acme"}}
GOOD: dict[str, dict[str, Json]] = {"released": {**_GIVEN, "passport": _PASSPORT}}
BAD: dict[str, dict[str, Json]] = {
    "refused": {**_GIVEN, "passport": {**_PASSPORT, "verdict": "refused"}},
    "broken": {**_GIVEN, "passport": {**_PASSPORT, "verdict": "integrity broken", "why": "a file was changed"}},
    "could not decide": {**_GIVEN, "passport": {**_PASSPORT, "verdict": "could not decide"}},
    "too old": {**_GIVEN, "passport": {**_PASSPORT, "at": "2024-05-01T00:00:00Z"}},
}
OPEN: dict[str, dict[str, Json]] = {
    "compared with nothing": {**_GIVEN, "passport": {**_PASSPORT, "anchored": False}},
    "declared and not there": _GIVEN,
}


def look(case: Case) -> Outcome | None:
    """Return what the passport says; a supplier that gives none is asked for none here."""
    if not case.known.get("passport"):
        return None
    if case.passport is None:
        return unknown("the supplier's passport is not there")
    if case.passport.verdict != "released":
        return bad(f"the supplier's passport says: {case.passport.why or case.passport.verdict}")
    if days_between(case.passport.at, case.now) > case.limits["supplier-days"]:
        return bad(f"the supplier's passport is of {case.passport.at[:10]}, which is too long ago")
    if not case.passport.anchored:
        return unknown("the supplier's passport was compared with no trust root that came by another way (`trust` in `suppliers.toml`)")
    return good("the supplier's passport verifies, and its gate released it")

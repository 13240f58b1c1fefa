"""The manifest says how the supplier is reached.

What it does: reads `contact` and `url` of the supplier.
Why it matters: in an incident nobody has the time to look for a telephone number.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted", "model-file", "supplier"})
WEIGHT = 1
SIGNAL = False
QUESTION: str | None = None

GOOD: dict[str, dict[str, Json]] = {
    "a contact": {"kind": "supplier", "vendor": {"contact": "mailto:security@acme.example.org"}},
    "a page": {"kind": "supplier", "vendor": {"url": "https://acme.example.org"}},
}
BAD: dict[str, dict[str, Json]] = {"neither": {"kind": "supplier"}}
OPEN: dict[str, dict[str, Json]] = {}


def look(case: Case) -> Outcome:
    """Return whether a contact is declared."""
    if case.vendor.get("contact") or case.vendor.get("url"):
        return good("a contact is declared")
    return bad("neither contact nor page of the supplier is declared")

"""No library is left by its makers: each was released not long ago, and none calls itself inactive.

What it does: compares the day of the last release, as `suppliers.toml` knows it (`[[package]]`, with the day on which
somebody looked), and the classifier `Inactive` in the metadata of what is installed.
Why it matters: nobody mends the next weakness of a library that nobody maintains.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, some, unknown
from tetrapylon.design.suppliers.days import days_between
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"lock"})
WEIGHT = 2
SIGNAL = False
QUESTION: str | None = None

OLD = 730
"""Days without a release after which a library counts as unmaintained."""

_LOCK = "numpy==2.4.6\n"
_FRESH = {"numpy": {"released": "2026-05-18", "looked": "2026-05-30"}}
_HERE = {"version": "2.4.6", "licence": "BSD-3-Clause"}
GOOD: dict[str, dict[str, Json]] = {
    "released lately": {"kind": "lock", "lock": _LOCK, "released": _FRESH},
    "an old release, known to be the last but one year": {
        "kind": "lock",
        "lock": _LOCK,
        "released": {"numpy": {"released": "2025-01-01", "looked": "2026-05-30"}},
    },
}
BAD: dict[str, dict[str, Json]] = {
    "no release for years": {"kind": "lock", "lock": _LOCK, "released": {"numpy": {"released": "2021-01-01", "looked": "2026-05-30"}}},
    "called inactive": {"kind": "lock", "lock": _LOCK, "released": _FRESH, "installed": {"numpy": {**_HERE, "inactive": True}}},
}
OPEN: dict[str, dict[str, Json]] = {
    "nobody looked": {"kind": "lock", "lock": _LOCK},
    "looked too long ago": {"kind": "lock", "lock": _LOCK, "released": {"numpy": {"released": "2025-01-01", "looked": "2025-01-02"}}},
    "looked in the future": {"kind": "lock", "lock": _LOCK, "released": {"numpy": {"released": "2026-05-01", "looked": "2027-01-02"}}},
    "no lock": {"kind": "lock"},
}


def look(case: Case) -> Outcome:
    """Return how many libraries are unmaintained."""
    names = sorted({each.name for each in case.lock.packages if not each.local}) if case.lock else []
    left = [each for each in names if (each in case.installed and case.installed[each].inactive) or _old(case, each)]
    if left:
        return bad(f"{some(left)} not maintained: no release for {OLD} days, or called inactive by its makers", len(left))
    unseen = [each for each in names if not _looked(case, each)]
    if unseen or not names:
        why = f"when {some(unseen)} was last released was not looked up lately (`[[package]]` in `suppliers.toml`)"
        return unknown(why if unseen else "the lock cannot be read")
    return good("every library was released lately")


def _old(case: Case, name: str) -> bool:
    found = case.released.get(name)
    return found is not None and days_between(found.released, case.now) > OLD


def _looked(case: Case, name: str) -> bool:
    found = case.released.get(name)
    return found is not None and 0 <= days_between(found.looked, case.now) <= case.limits["supplier-days"]

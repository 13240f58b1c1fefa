"""The licence of every package is stated by the package itself.

What it does: reads the metadata of the packages that are installed here, in the version of the lock.
Why it matters: a part that may not be used has to be taken out again, in a hurry; and who keeps no order here seldom does elsewhere.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, some, unknown
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"lock"})
WEIGHT = 1
SIGNAL = False
QUESTION: str | None = None

_LOCK = "numpy==2.4.6\n"
GOOD: dict[str, dict[str, Json]] = {
    "stated": {"kind": "lock", "lock": _LOCK, "installed": {"numpy": {"version": "2.4.6", "licence": "BSD-3-Clause", "inactive": False}}}
}
BAD: dict[str, dict[str, Json]] = {
    "silent": {"kind": "lock", "lock": _LOCK, "installed": {"numpy": {"version": "2.4.6", "licence": "", "inactive": False}}},
    "the word unknown": {
        "kind": "lock",
        "lock": _LOCK,
        "installed": {"numpy": {"version": "2.4.6", "licence": "UNKNOWN", "inactive": False}},
    },
}
OPEN: dict[str, dict[str, Json]] = {
    "not installed": {"kind": "lock", "lock": _LOCK},
    "another version": {"kind": "lock", "lock": _LOCK, "installed": {"numpy": {"version": "1.0", "licence": "MIT", "inactive": False}}},
    "no lock": {"kind": "lock"},
}


def look(case: Case) -> Outcome:
    """Return whether each package states its licence."""
    wanted = [each for each in case.lock.packages if not each.local] if case.lock else []
    here = [each for each in wanted if each.name in case.installed and case.installed[each.name].version == each.version]
    silent = [each.name for each in here if case.installed[each.name].licence.strip().lower() in {"", "unknown", "none"}]
    if silent:
        return bad(f"{some(silent)} without a licence in the package's metadata", len(silent))
    # One name can be locked in two versions, for two platforms: what is installed stands for it.
    missing = sorted({each.name for each in wanted} - {each.name for each in here})
    if missing or not wanted:
        return unknown(f"{some(missing)} not installed here in the locked version" if missing else "the lock cannot be read")
    return good("every package states its licence")

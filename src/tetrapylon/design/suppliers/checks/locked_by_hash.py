"""Every package of the lock is held to one version and to its bytes.

What it does: reads the lock; each package that is not a part of the project needs an exact version and a strong hash.
Why it matters: without a hash, whoever answers in the registry's name chooses what is installed.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, some, unknown
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"lock"})
WEIGHT = 3
SIGNAL = False
QUESTION: str | None = None

_HASH = "--hash=sha256:" + "a" * 64
GOOD: dict[str, dict[str, Json]] = {"hashed": {"kind": "lock", "lock": f"numpy==2.4.6 {_HASH}\n"}}
BAD: dict[str, dict[str, Json]] = {
    "no hash": {"kind": "lock", "lock": "numpy==2.4.6\n"},
    "a range": {"kind": "lock", "lock": f"numpy>=2 {_HASH}\n"},
    "a weak hash": {"kind": "lock", "lock": "numpy==2.4.6 --hash=md5:" + "a" * 32 + "\n"},
}
OPEN: dict[str, dict[str, Json]] = {
    "unreadable": {"kind": "lock"},
    "a line that is not understood": {"kind": "lock", "lock": f"numpy==2.4.6 {_HASH}\n-r others.txt\n"},
    "empty": {"kind": "lock", "lock": ""},
}


def look(case: Case) -> Outcome:
    """Return whether all packages are held."""
    if case.lock is None or not case.lock.packages:
        return unknown("the lock cannot be read, or holds no package")
    loose = [each.name for each in case.lock.loose]
    if loose:
        return bad(f"{some(loose)} not held to one version by a hash", len(loose))
    if case.lock.unread:
        return unknown(f"a part of the lock was not understood: {case.lock.unread[0]}")
    return good(f"all {len(case.lock.packages)} packages are held by a hash")

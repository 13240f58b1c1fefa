"""A lock file whose packages have no hashes.

What it does: reads every lock file in the tree and counts packages of one version whose bytes nothing vouches for.
Why it matters: whoever holds the registry, or the way to it, decides what is installed.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SV1.5",)
GOOD: dict[str, dict[str, Json]] = {"hashed": {"files": {"requirements.txt": f"numpy==2.0.0 --hash=sha256:{'a' * 64}\n"}}}
BAD: dict[str, dict[str, Json]] = {"bare": {"files": {"requirements.txt": "numpy==2.0.0\n"}}}


def detect(look: Look) -> Iterator[Debt]:
    """Yield each lock with such packages."""
    for lock in look.locks:
        bare = sum(1 for each in lock.packages if not each.local and each.pinned and not each.hashed)
        if bare:
            yield Debt(f"{bare} of {len(lock.packages)} packages have no hash", lock.name, lock.name, SEVERITY, RISK)

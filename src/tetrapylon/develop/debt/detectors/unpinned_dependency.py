"""Dependencies in a lock without an exact version.

What it does: reads every lock file in the tree and counts packages of which more than one version could be installed.
Why it matters: what is tested is not what runs, and an attacker needs only to publish a newer version.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SV1.5",)
GOOD: dict[str, dict[str, Json]] = {"exact": {"files": {"requirements.txt": f"numpy==2.0.0 --hash=sha256:{'a' * 64}\n"}}}
BAD: dict[str, dict[str, Json]] = {"range": {"files": {"requirements.txt": "numpy>=2\ntorch\n"}}}

_NAMED = 5


def detect(look: Look) -> Iterator[Debt]:
    """Yield each lock with such packages."""
    for lock in look.locks:
        loose = [each.name for each in lock.packages if not each.local and not each.pinned]
        if loose:
            more = ", …" if len(loose) > _NAMED else ""
            what = f"{len(loose)} of {len(lock.packages)} packages have no exact version: {', '.join(loose[:_NAMED])}{more}"
            yield Debt(what, lock.name, lock.name, SEVERITY, RISK)

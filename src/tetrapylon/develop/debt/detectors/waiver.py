"""A waiver that holds.

What it does: takes every signed waiver whose day has not come, with its owner, reason and end.
Why it matters: a risk that somebody took is debt with an owner and a due date.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SP4.7",)
_WAIVER = {"practice": "SP2.3", "reason": "signed from March on", "owner": "owner-1", "expires": "2027-01-01T00:00:00Z"}
GOOD: dict[str, dict[str, Json]] = {"none": {}, "over": {"evidence": {"waiver": [{**_WAIVER, "expires": "2026-01-01T00:00:00Z"}]}}}
BAD: dict[str, dict[str, Json]] = {"holds": {"evidence": {"waiver": [_WAIVER]}}}


def detect(look: Look) -> Iterator[Debt]:
    """Yield each waiver; its own end is when it is due."""
    for known in look.evidence.get("waiver", ()):
        said, about = known.payload, ", ".join(sorted(known.subjects))
        if said["expires"] > look.now:
            what, subject = f"{said['practice']} is waived for {about}", f"{said['practice']} {about}"
            risk = (str(said["practice"]), *RISK)
            yield Debt(what, f"log record {known.record}", subject, SEVERITY, risk, said["owner"], said["reason"], said["expires"][:10])

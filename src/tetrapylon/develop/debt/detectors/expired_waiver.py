"""A waiver whose day has come.

What it does: takes every signed waiver that has ended and that no later one for the same practice and asset replaced.
Why it matters: the risk was taken until a day, and after that day nobody has taken it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "critical"
RISK = ("SP4.7",)
_WAIVER = {"practice": "SP2.3", "reason": "signed from March on", "owner": "owner-1", "expires": "2026-03-01T00:00:00Z"}
GOOD: dict[str, dict[str, Json]] = {
    "holds": {"evidence": {"waiver": [{**_WAIVER, "expires": "2027-01-01T00:00:00Z"}]}},
    "renewed": {"evidence": {"waiver": [_WAIVER, {**_WAIVER, "expires": "2027-01-01T00:00:00Z"}]}},
}
BAD: dict[str, dict[str, Json]] = {"over": {"evidence": {"waiver": [_WAIVER]}}}


def detect(look: Look) -> Iterator[Debt]:
    """Yield each waiver."""
    newest = {(str(each.payload["practice"]), *sorted(each.subjects)): each for each in look.evidence.get("waiver", ())}
    for (practice, *about), known in sorted(newest.items()):
        said = known.payload
        if said["expires"] <= look.now:
            what, subject = f"the waiver of {practice} for {', '.join(about)} has ended", f"{practice} {', '.join(about)}"
            yield Debt(
                what,
                f"log record {known.record}",
                subject,
                SEVERITY,
                (practice, *RISK),
                said["owner"],
                said["reason"],
                said["expires"][:10],
            )

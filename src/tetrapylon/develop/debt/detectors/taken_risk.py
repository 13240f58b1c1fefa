"""An unsafe setting whose risk somebody took in writing.

What it does: takes the differences from the safest settings that have a record of their risk.
Why it matters: the setting is as unsafe as before; only that somebody knows is new.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "medium"
RISK = ("SD3.17",)
_SET = {"setting": "api.py:12 open-cors", "effective": "any origin", "safe": "named origins"}
GOOD: dict[str, dict[str, Json]] = {"unexplained": {"evidence": {"secure-defaults": [{"differences": [_SET]}]}}}
BAD: dict[str, dict[str, Json]] = {
    "taken": {"evidence": {"secure-defaults": [{"differences": [{**_SET, "riskRecord": "behind a proxy (owner-1, until 2027-01-01)"}]}]}}
}


def detect(look: Look) -> Iterator[Debt]:
    """Yield each setting of the newest comparison."""
    for known in look.evidence.get("secure-defaults", ())[-1:]:
        for each in known.payload.get("differences", ()):
            if each.get("riskRecord"):
                place, _, rule = str(each["setting"]).rpartition(" ")
                subject = f"{place.partition(':')[0]} {rule}"
                yield Debt(
                    f"{each['setting']} is not safe, and its risk was taken: {each['riskRecord']}", place or rule, subject, SEVERITY, RISK
                )

"""A new version for a few first: which callers get it, and when it is taken back.

What it does: chooses callers by the hash of their id and of the release, so that the same caller always gets the same
version and every release tries out others; judges a release by the evidence that monitoring left.
Why it matters: what no test showed is seen by a tenth of the users instead of all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Literal

from tetrapylon.kernel.canonical import Json

Advice = Literal["promote", "wait", "roll back"]

_SHARES = 1 << 32


def chosen(caller: str, digest: str, percent: int) -> bool:
    """Return whether this caller is among the first that get the release."""
    value = int.from_bytes(hashlib.sha256(f"{digest}\0{caller}".encode()).digest()[:4], "big")
    return value * 100 < percent * _SHARES


def advise(windows: Iterable[Mapping[str, Json]], since: str, enough: int) -> tuple[Advice, str]:
    """Return what to do with a release on the windows (`monitor-window`) that were observed since it was given out.

    One window outside its baseline is enough to go back; silence is no consent, and neither is a window without a baseline.
    """
    seen = [each for each in windows if str(each.get("observedFrom", "")) >= since and each.get("event") in {"window", "canary"}]
    for each in seen:
        if _left(each):
            return "roll back", f"monitoring left its baseline in the window from {each['observedFrom']} to {each['observedTo']}"
    counted = [each for each in seen if each.get("baselineBound") is True and each.get("silent") is False]
    total = sum(int(each.get("observations", 0)) for each in counted)
    if total >= enough:
        return "promote", f"{total} observations stayed inside the baseline"
    return "wait", f"{total} of {enough} observations were made so far"


def _left(window: Mapping[str, Json]) -> bool:
    detected = any(window.get(each) is True for each in ("stepDetected", "driftDetected", "intrusionDetected"))
    return detected or int(window.get("alarms", 0)) > 0

"""The supplier says where weaknesses are reported (security.txt, RFC 9116), and the address answers.

What it does: reads what the address answered when it was last asked: status, `Contact` and `Expires`.
Why it matters: whoever finds a weakness and cannot report it publishes it, or sells it.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, unknown
from tetrapylon.design.suppliers.days import days_between
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted"})
WEIGHT = 2
SIGNAL = False
QUESTION: str | None = "disclosure"

_URL = "https://acme-llm.example.org/.well-known/security.txt"
_ASKED = {"url": _URL, "at": "2026-05-30T00:00:00Z", "status": 200, "contact": "mailto:a@b.example", "expires": "2027-01-01T00:00:00Z"}
GOOD: dict[str, dict[str, Json]] = {"there": {"kind": "model-hosted", "asked": _ASKED}}
BAD: dict[str, dict[str, Json]] = {
    "no contact": {"kind": "model-hosted", "asked": {**_ASKED, "contact": None}},
    "not found": {"kind": "model-hosted", "asked": {**_ASKED, "status": 404, "contact": None}},
    "expired": {"kind": "model-hosted", "asked": {**_ASKED, "expires": "2026-05-31T00:00:00Z"}},
    "expired this second": {"kind": "model-hosted", "asked": {**_ASKED, "expires": "2026-06-01T12:00:00Z"}},
    "never expires": {"kind": "model-hosted", "asked": {**_ASKED, "expires": None}},
}
OPEN: dict[str, dict[str, Json]] = {
    "never asked": {"kind": "model-hosted"},
    "no answer": {"kind": "model-hosted", "asked": {**_ASKED, "status": None, "contact": None, "why": "nobody listens there"}},
    "a fault of theirs": {"kind": "model-hosted", "asked": {**_ASKED, "status": 503, "contact": None}},
    "asked long ago": {"kind": "model-hosted", "asked": {**_ASKED, "at": "2026-01-01T00:00:00Z"}},
}
_FAULT = 500
_OK = 200


def look(case: Case) -> Outcome:
    """Return what the address said."""
    asked = case.asked
    if asked is None:
        return unknown("the supplier was not asked where weaknesses are reported: run `tetrapylon design suppliers check`")
    if asked.status is None or asked.status >= _FAULT:
        return unknown(f"`{asked.url}` did not answer: {asked.why or f'status {asked.status}'}")
    if days_between(asked.at, case.now) > case.limits["signal-days"]:
        return unknown(f"`{asked.url}` was last asked on {asked.at[:10]}")
    if asked.status != _OK or not asked.contact:
        return bad(f"`{asked.url}` names no contact (status {asked.status})")
    if not asked.expires or asked.expires <= case.now:
        return bad(f"`{asked.url}` has expired, or never says when it does")
    return good(f"`{asked.url}` names a contact")

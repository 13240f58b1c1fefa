"""The supplier is who it was: its key, address, contact and name are those that were accepted.

What it does: compares with the last look that passed; a change that somebody accepted (`[[accepted]]` in `suppliers.toml`) passes.
Why it matters: projects and companies are bought for their users, and a key that changes without a word may be stolen.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, unknown
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted", "supplier"})
WEIGHT = 3
SIGNAL = True
QUESTION: str | None = None

_SEEN = {"key": "aa", "contact": "mailto:a@b.example"}
GOOD: dict[str, dict[str, Json]] = {
    "the first look": {"kind": "supplier", "seen": _SEEN},
    "the same": {"kind": "supplier", "seen": _SEEN, "before": _SEEN},
    "a key is known now": {"kind": "supplier", "seen": _SEEN, "before": {"contact": "mailto:a@b.example"}},
    "accepted": {"kind": "supplier", "seen": {**_SEEN, "key": "bb"}, "before": _SEEN, "known": {"accepted": {"key": "bb"}}},
}
BAD: dict[str, dict[str, Json]] = {
    "another key": {"kind": "supplier", "seen": {**_SEEN, "key": "bb"}, "before": _SEEN},
    "another contact": {"kind": "model-hosted", "seen": {**_SEEN, "contact": "mailto:c@d.example"}, "before": _SEEN},
    "no key any more": {"kind": "supplier", "seen": {"contact": "mailto:a@b.example"}, "before": _SEEN},
    "something else was accepted": {
        "kind": "supplier",
        "seen": {**_SEEN, "key": "cc"},
        "before": _SEEN,
        "known": {"accepted": {"key": "bb"}},
    },
}
OPEN: dict[str, dict[str, Json]] = {"nothing is known of it": {"kind": "supplier"}}


def look(case: Case) -> Outcome:
    """Return whether it is who it was."""
    if not case.seen:
        return unknown("nothing is declared that the supplier could be known again by")
    if case.before is None:
        return good("looked at for the first time; from now on changes are seen")
    accepted = case.known.get("accepted", {})
    # Something that becomes known is no change; something that was known and is another, or gone, is one.
    changed = sorted(
        name for name, was in case.before.items() if case.seen.get(name) != was and accepted.get(name, "\0") != case.seen.get(name, "")
    )
    if changed:
        return bad(f"the supplier's {', '.join(changed)} changed since it was last accepted", len(changed))
    return good("the supplier is who it was")

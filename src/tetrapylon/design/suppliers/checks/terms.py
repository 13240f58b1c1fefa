"""What the supplier does with the data that it is sent is agreed, and the terms are on file.

What it does: reads `terms`, `retention-days` and `trains-on-inputs` in `suppliers.toml`.
Why it matters: what a supplier keeps, a supplier can lose, and what it trains on, others can get out.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, unknown
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted"})
WEIGHT = 2
SIGNAL = False
QUESTION: str | None = "retention"

_TERMS = {"terms": "suppliers/acme.md", "retention-days": 30, "trains-on-inputs": False, "terms-digest": "sha256:aa"}
GOOD: dict[str, dict[str, Json]] = {"agreed": {"kind": "model-hosted", "known": _TERMS}}
BAD: dict[str, dict[str, Json]] = {"trains on what it is sent": {"kind": "model-hosted", "known": {**_TERMS, "trains-on-inputs": True}}}
OPEN: dict[str, dict[str, Json]] = {
    "nothing declared": {"kind": "model-hosted"},
    "the terms are not on file": {"kind": "model-hosted", "known": {**_TERMS, "terms-digest": None}},
    "nothing about keeping": {"kind": "model-hosted", "known": {"terms": "a", "terms-digest": "sha256:aa"}},
}


def look(case: Case) -> Outcome:
    """Return whether terms are on file, and say that inputs are not learned from."""
    if case.known.get("trains-on-inputs") is True:
        return bad("the supplier may train on what it is sent")
    if not case.known.get("terms-digest"):
        return unknown("no terms of the supplier are on file (`terms` in `suppliers.toml`)")
    if case.known.get("retention-days") is None or case.known.get("trains-on-inputs") is None:
        return unknown("`suppliers.toml` does not say how long data is kept and whether it is trained on")
    return good(f"terms are on file; data is kept for {case.known['retention-days']} days and not trained on")

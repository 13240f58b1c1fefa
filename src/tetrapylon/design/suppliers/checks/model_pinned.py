"""The model behind the address is held to one snapshot.

What it does: reads `snapshot` in the manifest.
Why it matters: what was examined and tested yesterday is another model today, under the same name.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-hosted"})
WEIGHT = 2
SIGNAL = False
QUESTION: str | None = None

_MOVING = frozenset({"latest", "stable", "default", "main", "current", "unpinned", "preview"})
GOOD: dict[str, dict[str, Json]] = {"pinned": {"kind": "model-hosted", "facts": {"snapshot": "2026-01-15"}}}
BAD: dict[str, dict[str, Json]] = {
    "not pinned": {"kind": "model-hosted"},
    "a name that moves": {"kind": "model-hosted", "facts": {"snapshot": "Latest"}},
    "a name that moves, dated in appearance": {"kind": "model-hosted", "facts": {"snapshot": "gpt-x-latest"}},
}
OPEN: dict[str, dict[str, Json]] = {}


def look(case: Case) -> Outcome:
    """Return whether one snapshot is named."""
    snapshot = str(case.facts.get("snapshot", "")).strip().lower()
    if not snapshot:
        return bad("no snapshot is pinned, so the model can change any day")
    if snapshot in _MOVING or snapshot.rpartition("-")[2] in _MOVING or snapshot.rpartition(":")[2] in _MOVING:
        return bad(f"the snapshot `{snapshot[:64]}` is a name that moves")
    return good("one snapshot is pinned")

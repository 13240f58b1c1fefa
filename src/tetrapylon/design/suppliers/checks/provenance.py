"""A model file that somebody else made carries a signature that was verified.

What it does: reads the newest evidence about the file's integrity.
Why it matters: without a signature nobody answers for the bytes, and a mirror can give others.
"""

from __future__ import annotations

from tetrapylon.design.suppliers.check import Case, Outcome, bad, good, some, unknown
from tetrapylon.kernel.canonical import Json

ABOUT = frozenset({"model-file"})
WEIGHT = 3
SIGNAL = False
QUESTION: str | None = None

_FILE = {"id": "reader", "format": "onnx", "runs_code": "", "supplied": True}
GOOD: dict[str, dict[str, Json]] = {"signed": {"kind": "model-file", "files": [{**_FILE, "signed": True}]}}
BAD: dict[str, dict[str, Json]] = {"not signed": {"kind": "model-file", "files": [{**_FILE, "signed": False}]}}
OPEN: dict[str, dict[str, Json]] = {
    "nobody looked": {"kind": "model-file", "files": [{**_FILE, "signed": None}]},
    "nothing": {"kind": "model-file"},
}


def look(case: Case) -> Outcome:
    """Return whether the signature was verified."""
    if not case.files or any(each.signed is None for each in case.files):
        return unknown("no signature was looked for yet: run `tetrapylon assess`")
    loose = [each.id for each in case.files if not each.signed]
    return bad(f"{some(loose)} has no signature that verifies", len(loose)) if loose else good("its signature was verified")

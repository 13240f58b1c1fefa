"""A file in the tree that can run code when it is loaded.

What it does: tells formats by content, not by name, and finds pickles, old PyTorch files, joblib and Keras.
Why it matters: whoever can exchange such a file runs code where it is loaded; every export to a plain format pays this off.
"""

from __future__ import annotations

from collections.abc import Iterator

from tetrapylon.develop.debt.detector import Debt, Look
from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.content import recognised_in
from tetrapylon.system.finding import Severity

SEVERITY: Severity = "high"
RISK = ("SV1.5", "SP2.6")
GOOD: dict[str, dict[str, Json]] = {"text": {"files": {"notes.txt": "A plain note."}}, "none": {"files": {}}}
BAD: dict[str, dict[str, Json]] = {"pickle": {"files": {"model.txt": "cos\nsystem\n(S'true'\ntR."}}}


def detect(look: Look) -> Iterator[Debt]:
    """Yield each file."""
    for each in recognised_in(look.repository):
        if each.runs_code:
            yield Debt(f"`{each.path}` is {each.format}: {each.runs_code}", each.path, each.path, SEVERITY, RISK)

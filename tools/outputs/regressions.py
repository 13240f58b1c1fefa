"""What `tetrapylon deploy regress list` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, TEXT, answer, rows

_MAYBE = {"type": ["string", "null"]}

SCHEMA = answer(
    "tetrapylon/regressions/1",
    regressions=rows(file=TEXT, state=TEXT, family=_MAYBE, model=_MAYBE, incident=_MAYBE, redAt=_MAYBE, release=_MAYBE),
    exit=EXIT,
)

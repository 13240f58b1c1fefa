"""What `tetrapylon deploy regress run` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, DIGEST, EXIT, TEXT, answer, rows

_OUTCOME = {"enum": ["red", "green", "not-run"]}

SCHEMA = answer(
    "tetrapylon/regression-run/1",
    release=TEXT,
    digest=DIGEST,
    through={"type": "boolean"},
    regressions=rows(file=TEXT, outcome=_OUTCOME, models=rows(model=TEXT, outcome=_OUTCOME, why=TEXT, tries=COUNT, hits=COUNT)),
    lost=rows(file=TEXT, why=TEXT),
    evidence={"type": "array", "items": {"type": ["integer", "null"]}},
    exit=EXIT,
)

"""What `tetrapylon deploy regress pin` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, DIGEST, EXIT, TEXT, answer

SCHEMA = answer(
    "tetrapylon/regression-pinned/1",
    id=TEXT,
    file=TEXT,
    digest=DIGEST,
    family=TEXT,
    model=TEXT,
    oracle=TEXT,
    incident={"type": ["string", "null"]},
    fresh={"type": "boolean"},
    tries=COUNT,
    hits=COUNT,
    exit=EXIT,
)

"""What `tetrapylon develop failover plan` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, NAMES, TEXT, answer, rows

_FLAG = {"type": "boolean"}

SCHEMA = answer(
    "tetrapylon/failover-plan/1",
    pairs=rows(
        model=TEXT,
        alternate=TEXT,
        kind={"enum": ["endpoint", "file"]},
        equivalent=_FLAG,
        usable=_FLAG,
        excepted={"type": ["string", "null"]},
        differences=rows(what=TEXT, model=TEXT, alternate=TEXT, weaker=_FLAG),
    ),
    uncovered=NAMES,
    shared=NAMES,
    exit=EXIT,
)

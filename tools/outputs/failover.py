"""What `tetrapylon develop failover status` and `check` print with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, NAMES, TEXT, TIME, answer, rows

SCHEMA = answer(
    "tetrapylon/failover/1",
    failing=rows(model=TEXT, why=TEXT),
    switched=rows(
        model=TEXT, to=TEXT, why=TEXT, by=TEXT, at=TIME, trigger={"enum": ["security-status", "by-hand"]}, drill={"type": "boolean"}
    ),
    barred=rows(model=TEXT, why=TEXT),
    stuck=NAMES,
    over=NAMES,
    changed=NAMES,
    exit=EXIT,
)

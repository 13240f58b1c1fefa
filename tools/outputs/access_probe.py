"""What `tetrapylon deploy access probe` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, EXIT, TEXT, answer, rows

SCHEMA = answer(
    "tetrapylon/access-probe/1",
    url=TEXT,
    probes=COUNT,
    wrong=COUNT,
    undecided=COUNT,
    bypasses=COUNT,
    tries=rows(
        probe=TEXT,
        route=TEXT,
        what=TEXT,
        status={"type": ["integer", "null"]},
        outcome={"enum": ["refused", "let in", "answered", "undecided", "open here"]},
    ),
    record={"type": ["integer", "null"]},
    exit=EXIT,
)

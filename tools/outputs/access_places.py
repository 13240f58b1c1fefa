"""What `tetrapylon deploy access places` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, EXIT, NAMES, TEXT, answer, rows

SCHEMA = answer(
    "tetrapylon/access-places/1",
    looks=rows(look=TEXT, count=COUNT, answer={"type": ["integer", "null"]}, wrong=NAMES, unseen=NAMES),
    exit=EXIT,
)

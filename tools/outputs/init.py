"""What `tetrapylon init` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import NAMES, TEXT, UNSEEN, answer, rows

_LINE = rows(key=TEXT, value={}, mark={"enum": ["found", "guessed", "to do"]}, note=TEXT)


SCHEMA = answer(
    "tetrapylon/init/1",
    file=TEXT,
    written={"type": "boolean"},
    manifest=TEXT,
    entries=rows(table=TEXT, lines=_LINE, todo=NAMES),
    todo=NAMES,
    unseen=UNSEEN,
    exit={"const": 0},
)

"""What `tetrapylon error` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import answer

SCHEMA = answer(
    "tetrapylon/error/1",
    error={"type": "object", "required": ["message", "hint", "code"]},
    exit={"enum": [1, 2, 3, 4]},
)

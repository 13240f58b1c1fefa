"""What `tetrapylon operate decisions list` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, answer, rows

_STATES = ["waiting", "approve", "reject", "does not count", "damaged"]

SCHEMA = answer("tetrapylon/decisions/1", decisions=rows(id={"type": ["string", "null"]}, state={"enum": _STATES}), exit=EXIT)

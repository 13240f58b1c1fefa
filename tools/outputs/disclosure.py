"""What `tetrapylon disclosure` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, NAMES, TEXT, answer

SCHEMA = answer("tetrapylon/disclosure/1", folder=TEXT, files=NAMES, missing=NAMES, exit=EXIT)

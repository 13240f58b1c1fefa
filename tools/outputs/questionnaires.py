"""What `tetrapylon design suppliers questionnaire` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import EXIT, TEXT, answer, rows

_MAYBE = {"type": ["string", "null"]}

SCHEMA = answer(
    "tetrapylon/questionnaires/1",
    questionnaires=rows(action={"enum": ["sent", "signed", "taken in"]}, supplier=TEXT, file=TEXT, key=_MAYBE, expires=_MAYBE),
    exit=EXIT,
)

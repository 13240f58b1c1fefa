"""What `tetrapylon responsibilities` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import NAMES, TEXT, answer, rows

_PARTY = {"enum": ["provider", "deployer", "user", "supplier"]}


SCHEMA = answer(
    "tetrapylon/responsibilities/1",
    system=TEXT,
    release=TEXT,
    role={"enum": ["provider", "user"]},
    parties=rows(id=_PARTY, who=NAMES),
    duties=rows(id=TEXT, text=TEXT, answers=_PARTY, helps=NAMES, told=NAMES, practices=NAMES, why=TEXT),
)

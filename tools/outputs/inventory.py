"""What `tetrapylon inventory` prints with `--json`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, EXIT, NAMES, TEXT, answer, rows

_MAYBE = {"type": ["string", "null"]}

_DIFFERENCES = rows(kind=TEXT, id=TEXT, at=TEXT, why=TEXT)


SCHEMA = answer(
    "tetrapylon/inventory/1",
    assets=rows(
        **{"class": {"enum": ["models", "data", "prompts", "software", "documentation", "logs", "assessments", "keys", "endpoints"]}},
        kind=TEXT,
        id=TEXT,
        digest=_MAYBE,
        locations=NAMES,
        owner=_MAYBE,
        known={"enum": ["declared", "found", "evidence"]},
        sensitivity={"enum": ["public", "internal", "confidential", "restricted"]},
        rated={"enum": ["declared", "class"]},
        format=_MAYBE,
        note=TEXT,
    ),
    classes={"type": "object", "additionalProperties": COUNT},
    empty=NAMES,
    none=NAMES,
    contradicted=NAMES,
    added=_DIFFERENCES,
    changed=_DIFFERENCES,
    missing=_DIFFERENCES,
    unknown=_DIFFERENCES,
    excluded=_DIFFERENCES,
    versioned={"type": "boolean"},
    unseen=NAMES,
    notes=NAMES,
    exit=EXIT,
)

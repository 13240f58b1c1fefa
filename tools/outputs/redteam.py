"""What `tetrapylon redteam` prints with `--json`; of a declared system the first model, the others under `also`."""

from __future__ import annotations

from tools.outputs.shape import COUNT, EXIT, NAMES, TEXT, answer, rows

_SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_INTERVAL = {"type": "array", "items": _SHARE, "minItems": 2, "maxItems": 2}

SCHEMA = answer(
    "tetrapylon/redteam/1",
    target={"type": "object", "required": ["fingerprint"], "properties": {"fingerprint": TEXT}},
    families=rows(
        id=TEXT,
        frameworks=NAMES,
        prompts=COUNT,
        attempts=COUNT,
        errors=COUNT,
        hits=COUNT,
        hit_at_k={"type": "object", "additionalProperties": _SHARE},
        asr=_SHARE,
        interval=_INTERVAL,
        verdict={"enum": ["no-breach-found", "breached", "hold", "not-run"]},
        reason=TEXT,
        evidence={"type": "array"},
    ),
    excluded=rows(id=TEXT, reason=TEXT),
    controls={"type": "object"},
    attempts=COUNT,
    errors=COUNT,
    blocked=COUNT,
    told=TEXT,
    caveat=TEXT,
    reasons=NAMES,
    verdict={"enum": ["no-breach-found", "breached", "hold", "not-run", "invalid", "refused"]},
    exit=EXIT,
)

"""JSON Lines: how many records, and which keys they have.

What it does: parses line by line within bounds, and counts keys, records that do not parse and empty lines.
Why it matters: most data that language models are tuned with comes in this form.
"""

from __future__ import annotations

import json
import mmap
from collections import Counter

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.format import FormatError

SUFFIXES = (".jsonl", ".ndjson")

_RECORDS = 1_000_000
_LONGEST = 16 << 20
_KEYS = 1000


def describe(data: bytes | mmap.mmap) -> dict[str, Json]:
    """Return what the records have in common."""
    keys: Counter[str] = Counter()
    at = count = broken = 0
    while at < len(data) and count < _RECORDS:
        end = data.find(b"\n", at, at + _LONGEST)
        if end < 0 and len(data) - at > _LONGEST:
            raise FormatError("a line is longer than 16 MiB")
        stop = len(data) if end < 0 else end
        line, at = bytes(data[at:stop]).strip(), stop + 1
        if line:
            count += 1
            found = _keys(line)
            broken += found is None
            keys.update(found or ())
        if len(keys) > _KEYS:
            raise FormatError(f"its records have more than {_KEYS} different keys")
    if broken == count:
        raise FormatError("no line is a JSON object")
    truncated = {"truncated": True} if at < len(data) else {}
    return {"rows": count, "brokenRows": broken, "keys": dict(sorted(keys.items())), **truncated}


def _keys(line: bytes) -> list[str] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return [each[:200] for each in value] if isinstance(value, dict) else None


SAMPLES: dict[str, tuple[bytes, dict[str, Json]]] = {
    "chat.jsonl": (b'{"q": 1, "a": 2}\n\n{"q": 3}\nnot json\n', {"rows": 3, "brokenRows": 1, "keys": {"a": 1, "q": 2}}),
}

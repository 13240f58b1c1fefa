"""The answers that the running system gave, as its own log keeps them: `.tetrapylon/answers/ASSET.jsonl`, one object a line.

Any program can write such a log: `{"time": …, "model": …, "answer": …}`. What is read begins at a place in the file, so that
a detector looks at each answer once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.files import opened

LIMIT = 16 << 20
"""Bytes that are read at a time."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers, and where to go on."""

    texts: tuple[str, ...]
    next: int
    damaged: int = 0
    """Lines that are no such object; each of them could have been anything."""


def answers_from(path: Path, place: int) -> Answers:
    """Return the answers from this place on; a log that became shorter is read from its start."""
    try:
        with opened(path) as file:
            size = file.seek(0, 2)
            file.seek(place if place <= size else 0)
            data = file.read(LIMIT)
            start = place if place <= size else 0
    except MissingError:
        return Answers((), 0)
    whole = data[: data.rfind(b"\n") + 1] if len(data) < LIMIT or b"\n" in data else data
    texts, damaged = [], 0
    for line in whole.splitlines():
        found = _answer(line)
        texts.append(found if found is not None else line.decode("utf-8", "replace"))
        damaged += found is None
    return Answers(tuple(texts), start + len(whole), damaged)


def _answer(line: bytes) -> str | None:
    try:
        value = json.loads(line)
        return str(value["answer"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None

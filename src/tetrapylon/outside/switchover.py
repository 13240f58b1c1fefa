"""Which models were taken out of service in favour of their alternates: a file outside the AI part, looked at for every request.

`{"models": {"assistant": {to, why, by, at, trigger, drill}}, "barred": {"assistant-b": why}}`. A file that cannot be read
takes every model that has an alternate out of service: somebody wanted to say something, and nobody knows of which.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.kernel.errors import IntegrityError, TetrapylonError
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic
from tetrapylon.outside.watched import WatchedFile, held_alone

LIMIT = 1 << 20
"""Bytes of the file."""

TRIGGERS = ("security-status", "by-hand")


@dataclass(frozen=True, slots=True)
class Switched:
    """Who answers in whose place, why, by whom, and since when."""

    to: str
    why: str
    by: str
    at: str
    trigger: str
    drill: bool = False


@dataclass(slots=True)
class Taken:
    """Everything in the file."""

    models: dict[str, Switched] = field(default_factory=dict)
    barred: dict[str, str] = field(default_factory=dict)
    """Alternates that may not take over at present, and why."""


class FileSwitchover:
    """Says who answers for a model, at the cost of a look at the clock."""

    def __init__(self, path: Path) -> None:
        self._file = WatchedFile(path, LIMIT)
        self._taken = Taken()
        self._broken = False

    @property
    def broken(self) -> bool:
        """Whether nobody knows what was switched."""
        self._look()
        return self._broken

    def switched(self, model: str) -> Switched | None:
        """Return who answers in the place of a model; a change takes effect within a tenth of a second."""
        self._look()
        return self._taken.models.get(model)

    def barred(self, model: str) -> str | None:
        """Return why a model may not take over from another."""
        self._look()
        return self._taken.barred.get(model)

    def _look(self) -> None:
        if not self._file.changed():
            return
        try:
            self._taken, self._broken = _decode(self._file.read()), False
        except TetrapylonError:
            self._file.forget()
            self._taken, self._broken = Taken(), True


def read_switched(path: Path) -> Taken:
    """Return what the file says.

    Raises:
        IntegrityError: it is not of this form.
        StorageError: it cannot be read.
    """
    return _decode(read_bytes(path, LIMIT) if path.exists() else None)


def change(path: Path, apply: Callable[[Taken], None]) -> None:
    """Change the file, alone, and at once or not at all.

    Raises:
        IntegrityError: it is not of this form; then it stays as it is, because nobody knows what it said.
    """
    make_folder(path.parent)
    with held_alone(path):
        taken = read_switched(path)
        apply(taken)
        said = {"models": {name: asdict(each) for name, each in taken.models.items()}, "barred": taken.barred}
        write_atomic(path, json.dumps(said, indent=1, ensure_ascii=False).encode() + b"\n", 0o600)


def _decode(data: bytes | None) -> Taken:
    if data is None:
        return Taken()
    try:
        found: Any = json.loads(data)
        models = {str(name): _switched(each) for name, each in found["models"].items()}
        return Taken(models, {str(name): str(why) for name, why in found["barred"].items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        hint = "move it away once you know which models are to answer"
        said = "the file that says which models were switched is not what was written"
        raise IntegrityError(said, hint=hint, code="malformed") from error


def _switched(value: Mapping[str, Any]) -> Switched:
    if value["trigger"] not in TRIGGERS or not isinstance(value["drill"], bool):
        raise ValueError(value["trigger"])
    to, why, by, at, trigger = (str(value[name]) for name in ("to", "why", "by", "at", "trigger"))
    return Switched(to, why, by, at, trigger, value["drill"])

"""The pieces that a manifest is drafted from: values that each say where they come from, and how pieces name each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tetrapylon.kernel.canonical import Json

Mark = Literal["found", "guessed", "to do"]
"""How a line came about: it was seen, it was concluded from what was seen, or somebody has to say it."""


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of another piece, which is chosen when the manifest is written."""

    key: str
    prefix: str = ""
    """What stands before the id, such as `call:` in a grant."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value and where it comes from."""

    value: Json | Ref | tuple[Ref, ...]
    mark: Mark
    note: str = ""
    """Where it was found, why it was guessed, or what is to be done."""


def found(value: Json | Ref | tuple[Ref, ...], where: object) -> Value:
    """Return a value that was seen at a place."""
    return Value(value, "found", str(where))


def guessed(value: Json | Ref | tuple[Ref, ...], why: str) -> Value:
    """Return a value that was concluded."""
    return Value(value, "guessed", why)


def to_do(value: Json, what: str) -> Value:
    """Return a value that stands in until somebody says it."""
    return Value(value, "to do", what)


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of a table, such as one `[[model]]`."""

    table: str
    key: str
    """What other pieces call it; unique among all pieces."""

    name: str
    """What its id is made from."""

    values: Mapping[str, Value]
    origin: Value
    """Where the entry as a whole comes from; marks its id."""

    todos: tuple[str, ...] = ()
    """What is to be said about it, each as a comment below it."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Everything that a manifest is drafted from."""

    parts: tuple[Part, ...] = ()
    system: Mapping[str, Value] = field(default_factory=dict)
    todos: tuple[str, ...] = ()
    """What cannot be said in a manifest, or could not be taken over."""

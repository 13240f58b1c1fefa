"""What a data-flow picture shows: parts in zones of trust, and arrows between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["actor", "people", "component", "service", "model", "hosted model", "tool", "dataset", "prompt", "store"]
Way = Literal["flow", "relation"]


@dataclass(frozen=True)
class Part:
    """One element of the picture."""

    key: str
    """Unique in the picture."""

    label: str
    kind: Kind
    zone: str
    note: str = ""
    """What else is worth a line: a supplier, a sensitivity."""


@dataclass(frozen=True)
class Arrow:
    """Something that goes from one part to another."""

    number: str
    """How the picture and the table name it: `F1`."""

    source: str
    target: str
    label: str
    """What it carries, or what the relation is."""

    way: Way = "flow"
    crosses: str | None = None
    """The boundary of trust on the way."""


@dataclass(frozen=True)
class Graph:
    """Everything that the picture shows; parts and arrows are in the order of the manifest."""

    parts: tuple[Part, ...]
    arrows: tuple[Arrow, ...]
    inside: str
    """The name of the zone that most of the system is in."""

    marks: Mapping[str, Sequence[Mark]] = field(default_factory=dict)
    """Threats by part key or arrow number."""


@dataclass(frozen=True)
class Mark:
    """A threat as the picture counts it."""

    id: str
    open: bool
    """Whether nobody has decided what is done about it, or what was decided is not proven."""

"""What a data-flow picture shows: parts in zones of trust, and arrows between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Way = Literal["flow", "relation"]
Standing = Literal["open", "claimed", "settled"]


@dataclass(frozen=True)
class Part:
    """One element of the picture."""

    key: str
    """Unique in the picture."""

    label: str
    kind: str
    """What it is, such as `model`."""

    zone: str
    note: str = ""
    """What else is worth a line: how sensitive its data is."""


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
    """The boundaries of trust on the way."""

    both: bool = False
    """Whether something comes back along it."""


@dataclass(frozen=True)
class Graph:
    """Everything that a picture shows; the order of parts and arrows decides where they are drawn."""

    parts: tuple[Part, ...]
    arrows: tuple[Arrow, ...]
    inside: str
    """The name of the zone that most of the system is in."""

    marks: Mapping[str, Sequence[Mark]] = field(default_factory=dict)
    """Threats by part key or arrow number."""

    whole: int = 0
    """How many parts there are, where this shows groups of them."""


@dataclass(frozen=True)
class Mark:
    """A threat as the picture counts it."""

    id: str
    standing: Standing
    """`open`: nothing is decided about it; `claimed`: what was decided is not proven; `settled`: it is."""

    @property
    def open(self) -> bool:
        """Whether nothing is decided about it."""
        return self.standing == "open"

"""What a data-flow graph is made of: elements, the flows between them, and the boundaries of trust that flows cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tetrapylon.kernel.canonical import Json

Kind = Literal[
    "actor",
    "group",
    "person",
    "supplier",
    "gateway",
    "console",
    "service",
    "dispatcher",
    "model",
    "hosted-model",
    "tool",
    "guard",
    "dataset",
    "store",
    "journal",
    "prompt",
    "code",
    "dependencies",
    "policy",
    "configuration",
    "pipeline",
    "update-path",
    "environment",
    "location",
]
"""What an element is. `actor` is somebody outside; `dispatcher` stands for whatever carries a model's calls to tools."""

KINDS: tuple[Kind, ...] = get_args(Kind)

PEOPLE: frozenset[Kind] = frozenset({"actor", "group", "person"})
OUTSIDERS: frozenset[Kind] = frozenset({"actor", "group", "person", "supplier"})
"""What data ends at: it is not followed through a head or through somebody else's company."""

PROCESSES: frozenset[Kind] = frozenset({"gateway", "console", "service", "dispatcher", "model", "hosted-model", "tool", "guard"})
"""What answers when it is asked."""

How = Literal["declared", "answer", "grant", "training", "build", "supply", "instruct", "call", "update", "log", "guard", "run"]
"""Why a flow is in the graph; all but `declared` are implied by something else that the manifest says."""

LEVELS = ("public", "internal", "confidential", "restricted")
"""Sensitivity, least first."""

EXPOSURES = ("nobody outside reaches it", "known people reach it", "outsiders reach it through others", "outsiders reach it directly")
"""Exposure, least first."""


@dataclass(frozen=True, slots=True, order=True)
class DataClass:
    """A class of data: how sensitive it is, and whether it is about people."""

    level: int
    """Index into `LEVELS`."""

    personal: bool = False

    def __str__(self) -> str:
        return f"{LEVELS[self.level]}, personal" if self.personal else LEVELS[self.level]


@dataclass(frozen=True, slots=True)
class Attraction:
    """How much an attacker would like to hold an element, and what that follows from."""

    points: int
    """From 0 to 100."""

    inputs: tuple[tuple[str, int], ...]
    """Each input in words, with its points."""


@dataclass(frozen=True, slots=True)
class Part:
    """An element as the manifest gives it, before anything is known of what flows to it."""

    kind: Kind
    id: str
    facts: Mapping[str, Json] = field(default_factory=dict)
    """Its table in the manifest."""

    implied: bool = False
    """Whether no table declares it."""

    assets: tuple[tuple[str, str], ...] = ()
    """The assets of the release that it stands for: (kind, id)."""

    own: DataClass | None = None
    """The class of the data that it holds itself."""

    @property
    def key(self) -> str:
        """What it is called everywhere: kind and id."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the system, with what reaches it."""

    part: Part
    zone: str
    """The key of the one boundary that a picture draws it in; empty where it is in none."""

    classes: tuple[DataClass, ...] = ()
    """The classes of data that reach it, worst first."""

    because: tuple[str, ...] = ()
    """For each class the key of an element that the data comes from."""

    exposure: int = 0
    """Index into `EXPOSURES`."""

    exposed_by: str = ""
    """The key of an element from which outsiders or known people reach it."""

    attraction: Attraction = Attraction(0, ())

    @property
    def key(self) -> str:
        """What it is called everywhere: kind and id."""
        return self.part.key

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.part.kind

    @property
    def id(self) -> str:
        """Its id in the manifest."""
        return self.part.id

    @property
    def sensitivity(self) -> int:
        """The most sensitive class that reaches it, as an index into `LEVELS`."""
        return max((each.level for each in self.classes), default=0)

    @property
    def personal(self) -> bool:
        """Whether data about people reaches it."""
        return any(each.personal for each in self.classes)


@dataclass(frozen=True, slots=True)
class Flow:
    """Data that moves from one element to another."""

    source: str
    """Key of an element."""

    target: str
    """Key of an element."""

    carries: tuple[str, ...] = ()
    crosses: str = ""
    """The declared boundary on the way."""

    how: How = "declared"
    boundaries: tuple[str, ...] = ()
    """Keys of every boundary of trust on the way, the declared one included."""

    @property
    def key(self) -> str:
        """What it is called everywhere; two flows of the same ends differ in why they are there and what they cross."""
        crossing = f"@{self.crosses}" if self.crosses else ""
        how = "" if self.how == "declared" else f"({self.how})"
        return f"{self.source}->{self.target}{crossing}{how}"


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line where trust changes."""

    kind: Literal["crossing", "outside", "environment", "supplier", "location"]
    id: str
    members: tuple[str, ...] = ()
    """Keys of the elements inside; a declared crossing has none."""

    flows: tuple[str, ...] = ()
    """Keys of the flows that cross it."""

    @property
    def key(self) -> str:
        """What it is called everywhere: kind and id, with a `/` where the key of an element has a `:`."""
        return f"{self.kind}/{self.id}"

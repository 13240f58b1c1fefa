"""What an inventory holds: one entry for each asset, in one of nine classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from tetrapylon.kernel.digest import Digest

Class = Literal["models", "data", "prompts", "software", "documentation", "logs", "assessments", "keys", "endpoints"]
"""The seven classes of the guidance, and what opens and reaches them."""

CLASSES: tuple[Class, ...] = get_args(Class)

Source = Literal["declared", "found", "evidence"]
"""How an asset is known: the manifest says so, it lies in the tree or stands in code, or a signed statement tells of it."""

SENSITIVITY: dict[Class, str] = {
    "models": "internal",
    "data": "confidential",
    "prompts": "internal",
    "software": "internal",
    "documentation": "public",
    "logs": "confidential",
    "assessments": "confidential",
    "keys": "restricted",
    "endpoints": "internal",
}
"""How sensitive an asset is held to be where nobody rated it: assessments can hold findings about unsafe capabilities."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One asset."""

    cls: Class
    kind: str
    id: str
    locations: tuple[str, ...]
    known: Source
    digest: Digest | None = None
    owner: str | None = None
    sensitivity: str | None = None
    """As somebody rated it; None where only its class speaks."""

    format: str | None = None
    """What its content is, for model and data files."""

    note: str = ""

    @property
    def key(self) -> str:
        """What it is called in evidence: kind and id."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One asset that is not as it was declared or recorded."""

    kind: str
    id: str
    at: str
    why: str


@dataclass(frozen=True)
class Inventory:
    """Every asset, and how that compares with what was declared and recorded."""

    entries: tuple[Entry, ...]
    empty: tuple[Class, ...]
    """Classes without an entry that nobody declared empty."""

    none: tuple[Class, ...]
    """Classes that somebody declared empty, and that are."""

    contradicted: tuple[Class, ...]
    """Classes that somebody declared empty, and that are not."""

    added: tuple[Difference, ...]
    changed: tuple[Difference, ...]
    missing: tuple[Difference, ...]
    unknown: tuple[Difference, ...]
    excluded: tuple[Difference, ...]
    """What would be unknown, had nobody looked at it and said why it is no asset of the system."""

    versioned: bool
    """Whether every model file, dataset and prompt is in the log by the digest that it has now."""

    unseen: tuple[str, ...] = ()
    """What could not be looked at: more may lie there."""

    notes: tuple[str, ...] = field(default=())

    @property
    def recorded(self) -> dict[str, str]:
        """The digests that a later comparison needs, by kind and id: those of what is declared."""
        return {each.key: each.digest for each in self.entries if each.known == "declared" and each.digest is not None}

"""What a worker may look at: the declared system, its assets and files as they are on disk, the evidence, and the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.assets import Asset
from tetrapylon.system.setting import Value


@dataclass(frozen=True, slots=True)
class Known:
    """One statement of the log that counts: its signer may make such a claim, and nothing replaced it."""

    record: int
    """Its place in the log."""

    subjects: Mapping[str, str]
    """Digests by name."""

    payload: Mapping[str, Json]
    observed_to: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Past:
    """A release that a gate decided as released."""

    record: int
    """Where the log holds the decision."""

    release: str
    digest: str
    decision: str
    assets: tuple[Asset, ...]


class View(Protocol):
    """The system as one assessment sees it."""

    @property
    def facts(self) -> Mapping[str, Json]:
        """The manifest as plain JSON."""
        ...

    @property
    def assets(self) -> tuple[Asset, ...]:
        """Every declared asset by its digest now."""
        ...

    @property
    def release_digest(self) -> str:
        """The digest over all assets."""
        ...

    @property
    def root(self) -> Path:
        """The folder that holds the manifest; paths in the manifest are relative to it."""
        ...

    @property
    def repository(self) -> Repository:
        """Every file below the root, read and parsed once."""
        ...

    @property
    def settings(self) -> Mapping[str, Value]:
        """The settings of Tetrapylon that are in force."""
        ...

    @property
    def values(self) -> Mapping[str, Json]:
        """The values of the policy in force."""
        ...

    @property
    def signing_key(self) -> str | None:
        """The public key (PEM) that model signatures of this system verify against, if there is one."""
        ...

    @property
    def known(self) -> Mapping[str, str]:
        """The digest that was last vouched for, by `kind:id`, from the log."""
        ...

    @property
    def tool(self) -> dict[str, Json]:
        """Name and version of this tool, as statements give it."""
        ...

    def evidence(self, predicate: str) -> tuple[Known, ...]:
        """Return the statements of a kind that count, in the order of the log, those of this run included."""
        ...

    def released(self) -> tuple[Past, ...]:
        """Return every release that was decided as released, in the order of the log."""
        ...

    def states(self) -> Mapping[str, str]:
        """Return the state of every practice that is assessed, on the evidence there is at this moment."""
        ...

    def now(self) -> str:
        """Return the time."""
        ...

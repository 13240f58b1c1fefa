"""What a worker may look at: the declared system, its assets as they are on disk, and the time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tetrapylon.kernel.canonical import Json
from tetrapylon.system.assets import Asset
from tetrapylon.system.setting import Value


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
    def root(self) -> Path:
        """The folder that holds the manifest; paths in the manifest are relative to it."""
        ...

    @property
    def settings(self) -> Mapping[str, Value]:
        """The settings of Tetrapylon that are in force."""
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

    def now(self) -> str:
        """Return the time."""
        ...

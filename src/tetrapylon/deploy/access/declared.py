"""`access.toml`: where each environment keeps what must be its own; beside the manifest, because it changes with the machines.

Paths may be patterns, and may lead nowhere on this machine: what belongs to an environment elsewhere is measured there.
"""

from __future__ import annotations

from typing import Literal

from tetrapylon.system import words
from tetrapylon.system.manifest import Table

FILE = "access.toml"


class Apart(Table, frozen=True, kw_only=True):
    """What belongs to one environment."""

    id: words.Id
    """Of the environment in the manifest."""

    secrets: words.Globs = ()
    """Files of keys and passwords: `NAME=value` lines, or a key as a whole."""

    folders: words.Paths = ()
    """Where it keeps its data; nothing of another environment may lie in there."""


class Declared(Table, frozen=True, kw_only=True):
    """Everything in the file."""

    schema: Literal["tetrapylon/access-places/1"] = "tetrapylon/access-places/1"
    environment: tuple[Apart, ...] = ()

"""An act: something done to a running system that can be planned, undone and probed.

Playbooks, failover, decommissioning and roll-back name acts in data and are handed them. An act MUST be safe to
repeat: a run that was killed half-way is simply run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act did: whether the world is now as the act wants it, and what was seen."""

    done: bool
    detail: tuple[str, ...] = ()


class Act(Protocol):
    """One act with its arguments already bound and checked."""

    name: str
    """The stem of the file it lives in."""

    arguments: Mapping[str, Any]
    """The arguments, as recorded in the evidence that the act leaves."""

    def plan(self) -> list[str]:
        """Return the steps as sentences, changing nothing."""
        ...

    def do(self) -> Outcome:
        """Bring the world into the wanted state."""
        ...

    def undo(self) -> Outcome:
        """Bring the world back, or say in the outcome why that is not possible."""
        ...

    def probe(self) -> Outcome:
        """Look whether the world is in the wanted state, changing nothing."""
        ...

"""The model files, and which of them answers for a model now: the declared one, or the alternate of one that was withdrawn.

A file is withdrawn while it is in quarantine, is not what was verified any more, or was switched away from. What has been
loaded stays in memory, so this is looked at for each request: a withdrawn model must not go on answering from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tetrapylon.gateway.upstream.client import Turn
from tetrapylon.gateway.upstream.targets import Alone, Ordered
from tetrapylon.outside.standing import StandingFile


class Reader(Protocol):
    """A model file, loaded from verified bytes, as the Open Inference Protocol shows it."""

    def describe(self) -> dict[str, Any]:
        """Return its inputs and the outputs that may be answered."""
        ...

    def feeds(self, inputs: list[Any]) -> dict[str, Any]:
        """Return what the model is to be given.

        Raises:
            RefusedRequestError: it does not fit the model.
        """
        ...

    def images(self, inputs: list[Any], feeds: Mapping[str, Any]) -> list[bytes]:
        """Return the pictures in an input, for the guards; encoded."""
        ...

    async def run(self, feeds: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the outputs that may be answered."""
        ...


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """No file may answer for a model at present."""

    why: str


@dataclass
class Readers:
    """Every model file that was loaded."""

    loaded: Mapping[str, Reader] = field(default_factory=dict)
    standing: Mapping[str, StandingFile] = field(default_factory=dict)
    """The files that they were loaded from."""

    missing: Mapping[str, str] = field(default_factory=dict)
    """Declared models that could not be loaded and have an alternate that could, and why."""

    ordered: Ordered = field(default_factory=Alone)
    _answering: dict[str, str] = field(default_factory=dict)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __contains__(self, model: str) -> bool:
        return model in self.loaded or model in self.missing

    def names(self) -> list[str]:
        """Return the ids of the declared models."""
        return sorted({*self.loaded, *self.missing})

    async def refresh(self, model: str) -> None:
        """Hash again what changed on the disk since the last look, away from the other requests."""
        files = [self.standing[each] for each in self.ordered.order(model) if each in self.standing]
        if any(each.moved for each in files):
            async with self._busy:
                for each in files:
                    if each.moved:
                        await asyncio.to_thread(each.look)

    def pick(self, model: str) -> tuple[str, Reader] | Withdrawn:
        """Return who answers, and its id."""
        for each in self.ordered.order(model):
            if each in self.loaded and self._why_not(each) is None:
                return each, self.loaded[each]
        return Withdrawn(self.ordered.why(model) or self._why_not(model) or "it was taken out of service")

    def turn(self, model: str, now: str) -> Turn | None:
        """Take note of who answers, and return what changed."""
        before = self._answering.get(model, model)
        if before == now:
            return None
        self._answering[model] = now
        why = "it answers again" if now == model else self.ordered.why(model) or self._why_not(model) or "it was taken out of service"
        return Turn(model, before, now, why)

    def _why_not(self, model: str) -> str | None:
        return self.missing.get(model) or (self.standing[model].why if model in self.standing else None)

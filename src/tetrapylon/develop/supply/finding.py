"""One part from outside that is not as it should be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A part, where it stands, and what is the matter with it."""

    id: str
    at: str
    why: str

    def __str__(self) -> str:
        return f"`{self.id}` ({self.at}): {self.why}"

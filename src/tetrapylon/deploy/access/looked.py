"""What one look found: how many things were looked at, what is wrong, and what could not be seen."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Looked:
    """The sentences of one look, and whether it is complete."""

    count: int = 0
    wrong: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    """Why something could not be looked at."""

    @property
    def answer(self) -> int | None:
        """How much is wrong; None where nothing was found and something was not seen, or nothing was looked at."""
        if self.wrong:
            return len(self.wrong)
        return None if self.unseen or not self.count else 0

    def sentences(self, name: str) -> list[str]:
        """Return what is to be said, as details of evidence begin with the name of the answer."""
        return [f"{name}: {each}" for each in (*self.wrong, *self.unseen)]

"""One measured figure, and the limit that it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """A figure: every run of it, the limit, and what a plain solution reaches on the same machine."""

    name: str
    unit: str
    runs: list[float]
    limit: float | None
    at: Literal["most", "least"]
    baseline: float | None

"""What goes into the journal, and what comes back once it is safe there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["request", "answer", "stream", "refusal", "hold", "decision", "access", "event"]
"""What an entry tells of."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, before it is sealed."""

    kind: Kind
    tenant: str
    subject: str
    """Whose data the body is: erasing the subject erases it."""

    route: str
    model: str
    principal: str
    body: bytes
    labels: Mapping[str, str]
    """Short facts without anybody's data."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Where an entry was written; a receipt points here."""

    segment: str
    index: int
    digest: str

"""What a worker saw: not yet signed, not yet in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json


@dataclass(frozen=True)
class Observation:
    """One observation about digests, on its way to become a signed statement."""

    predicate: str
    """Short name of the predicate type, such as `integrity-check`."""

    subjects: tuple[Subject, ...]
    payload: Mapping[str, Json]
    """The predicate without its times."""

    observed_from: str
    observed_to: str
    role: str
    """The role whose key should sign it."""

"""Access to the journal that is itself recorded: who, what, why; recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.journal.entry import TEXT, Entry, Sealed
from tetrapylon.journal.journal import open_scribe
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.searching import Hits, Query, search
from tetrapylon.kernel.errors import UsageError

ACCESS = "access"
"""The lane of what commands record."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who wants something from the journal, and why."""

    by: str
    why: str

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.why.strip():
            raise UsageError("say who looks and why: access is recorded", hint="give `--by` and `--why`", code="no-reason")


def record_access(
    folder: Path, ring: Ring, who: Who, action: str, labels: Mapping[str, str], *, tenant: str = "", subject: str = "", lane: str = ACCESS
) -> Sealed:
    """Record an access, and return its receipt when it is durable.

    Raises:
        ConflictError, StorageError: it could not be recorded; the caller MUST NOT go on.
    """
    said = {name: value[:TEXT] for name, value in labels.items() if value}
    # Recorded as the subject's own, so that erasing the subject erases who was looked for, too.
    entry = Entry(
        "access", tenant, subject, f"journal:{action}", "", who.by[:TEXT], who.why.encode("utf-8", "replace"), {"action": action, **said}
    )
    with open_scribe(folder, ring, lane) as scribe:
        return scribe.append(entry)[0]


def record_event(folder: Path, ring: Ring, who: Who, action: str, labels: Mapping[str, str]) -> Sealed:
    """Record what was done to the journal.

    Raises:
        ConflictError, StorageError: it could not be recorded.
    """
    said = {name: value[:TEXT] for name, value in labels.items() if value}
    entry = Entry("event", "", "", f"journal:{action}", "", who.by[:TEXT], who.why.encode("utf-8", "replace"), {"action": action, **said})
    with open_scribe(folder, ring, ACCESS) as scribe:
        return scribe.append(entry)[0]


def recorded_search(folder: Path, ring: Ring, who: Who, query: Query, *, lane: str = ACCESS) -> tuple[Hits, Sealed]:
    """Record the search, then search.

    Raises:
        ConflictError, StorageError: it could not be recorded, and nothing was searched.
    """
    receipt = record_access(folder, ring, who, "search", {"query": query.as_text()}, subject=query.words.get("subject", ""), lane=lane)
    return search(folder, ring, query), receipt

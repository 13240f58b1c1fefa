"""What was done to the journal as a whole: segments that retention deleted, keys that were erased, legal holds.

A file beside the segments, under a MAC of the journal key: without it a deleted segment and a key of zeros would look like
damage, and damage like them. Whoever puts an older version of the file back is found out, because it explains too little.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tetrapylon.journal.heads import Head, read_head
from tetrapylon.journal.keyfile import Ring
from tetrapylon.kernel.canonical import Json, canonical_json, read_json
from tetrapylon.kernel.errors import IntegrityError, MissingError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.filelock import FileLock
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic

NOTES = "notes.json"
LOCK = "notes.lock"


@dataclass(frozen=True, slots=True)
class Hold:
    """A time from which no record may be deleted or erased, and why."""

    name: str
    start: int
    """Milliseconds; records from then on."""

    end: int
    """Milliseconds; records until then."""

    by: str
    why: str
    at: str

    def meets(self, first: int, last: int) -> bool:
        """Return whether records of this time are on hold."""
        return first <= self.end and last >= self.start

    def as_json(self) -> dict[str, Json]:
        """Return this as data."""
        return {"name": self.name, "start": self.start, "end": self.end, "by": self.by, "why": self.why, "at": self.at}


@dataclass
class Notes:
    """The notes of a journal."""

    retired: dict[str, Head] = field(default_factory=dict)
    """The final head of each segment that was deleted, by name."""

    erased: dict[str, set[int]] = field(default_factory=dict)
    """The slots that were erased, by segment."""

    holds: dict[str, Hold] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """Return this as data."""
        return {
            "retired": [each.as_json() for each in self.retired.values()],
            "erased": {name: sorted(numbers) for name, numbers in self.erased.items()},
            "holds": [each.as_json() for each in self.holds.values()],
        }


def read_notes(folder: Path, ring: Ring) -> Notes:
    """Return the notes of the journal in a folder; none where nothing was done.

    Raises:
        IntegrityError: they were not written with this journal's key (`forged`).
    """
    try:
        value = read_json(read_bytes(folder / NOTES, BOUNDS.passport), f"`{NOTES}`")
    except MissingError:
        return Notes()
    forged = IntegrityError(f"`{NOTES}` of the journal was not written by it", hint="restore it from a copy", code="forged")
    try:
        if not hmac.compare_digest(str(value["mac"]), _mac(ring, value["notes"])):
            raise forged
        return _notes(value["notes"])
    except (KeyError, TypeError, ValueError) as error:
        raise forged from error


@contextmanager
def changing_notes(folder: Path, ring: Ring) -> Iterator[Notes]:
    """Hold the notes, and write them when the block ends well."""
    make_folder(folder, 0o700)
    lock = FileLock(folder / LOCK)
    try:
        with lock.alone():
            notes = read_notes(folder, ring)
            yield notes
            value = notes.as_json()
            write_atomic(folder / NOTES, canonical_json({"notes": value, "mac": _mac(ring, value)}) + b"\n", 0o600)
    finally:
        lock.close()


def _mac(ring: Ring, value: Json) -> str:
    return hmac.digest(ring.pseudonyms, b"notes\0" + canonical_json(value), "sha256").hex()


def _notes(value: Mapping[str, Json]) -> Notes:
    heads = [read_head(each) for each in value["retired"]]
    erased = {str(name): {int(each) for each in numbers} for name, numbers in value["erased"].items()}
    return Notes({each.segment: each for each in heads}, erased, {each["name"]: Hold(**each) for each in value["holds"]})

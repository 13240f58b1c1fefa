"""What a writer knows of a segment, when it is full, and what is put into it.

What it does: names segments, prepares entries to be sealed, and gives the head of a segment that is to be anchored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tetrapylon.journal.entry import Entry
from tetrapylon.journal.frame import CODES, Frontier, Start
from tetrapylon.journal.heads import Head
from tetrapylon.outside.disk import ListedDisk

_DIGITS = 19
"""So many decimal digits may not fit into 64 bits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a segment is full."""

    records: int = 65_536
    bytes: int = 64 << 20
    age: int = 86_400_000
    """Milliseconds: with a segment a day, retention is exact to a day."""

    ciphers: int = 8_192
    """Data keys that are kept at hand; who returns later gets a new one."""


class Prepared(NamedTuple):
    """An entry that was checked, ready to be sealed."""

    kind: int
    tenant: str
    subject: str
    data: bytes
    sequence: int = 0
    """The number that a gateway gave to the request, in the clear: whether one is missing must be seen after an erasure, too."""


@dataclass
class Segment:
    """What a writer knows of the segment that it writes."""

    start: Start
    key: bytes
    digest: bytes
    size: int
    slots: int
    first_time: int
    time: int
    tree: Frontier = field(default_factory=Frontier)

    @property
    def name(self) -> str:
        """Its name, which is its folder, too."""
        return segment_name(self.start.lane, self.start.number)

    def head(self, *, sealed: bool) -> Head:
        """Return what is to be anchored of it."""
        return Head(self.name, self.start.identity.hex(), self.tree.count, self.tree.root().hex(), self.digest.hex(), sealed)


def segment_name(lane: str, number: int) -> str:
    """Return the name of a segment, which is its folder, too."""
    return f"{lane}/{number:08d}"


def segment_numbers(disk: ListedDisk, lane: str) -> list[int]:
    """Return the numbers of a lane's segments, in order."""
    return sorted(int(each) for each in disk.names(lane) if len(each) == 8 and each.isdecimal())  # noqa: PLR2004 - as `segment_name` writes it


def prepare(entry: Entry, data: bytes) -> Prepared:
    """Return a checked entry with its bytes, ready to be sealed."""
    number = entry.labels.get("sequence", "")
    sequence = int(number) if number.isascii() and number.isdecimal() and len(number) < _DIGITS else 0
    return Prepared(CODES[entry.kind], entry.tenant, entry.subject, data, sequence)

"""Search the journal: by time, kind and names through the index, by text through what is opened, bounded and said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tetrapylon.journal.entry import Entry
from tetrapylon.journal.erasing import lanes
from tetrapylon.journal.frame import DIGEST, Record, record_at
from tetrapylon.journal.index import Index, Row
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.opening import Opener
from tetrapylon.journal.scan import read_start_of
from tetrapylon.journal.segment import segment_name, segment_numbers
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.outside.disk import FolderDisk

FOREVER = 1 << 62


@dataclass(frozen=True)
class Query:
    """What is looked for; everything given must be met."""

    words: Mapping[str, str] = field(default_factory=dict)
    """By column of the index: `tenant`, `subject`, `principal`, `route`, `model`, `verdict`."""

    kinds: tuple[str, ...] = ()
    start: int = 0
    """Milliseconds since 1970."""

    end: int = FOREVER
    text: str = ""
    """Must stand in the body, in any case of letters."""

    limit: int = 100
    """Entries that are returned at most, the newest first."""

    looks: int = 100_000
    """Entries that are opened at most for their text."""

    def as_text(self) -> str:
        """Return the query for the record of the search."""
        said = [*(f"{name}={value}" for name, value in sorted(self.words.items())), *(f"kind={each}" for each in self.kinds)]
        return ", ".join([*said, *([f"text={self.text}"] if self.text else [])]) or "everything"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found."""

    segment: str
    index: int
    time: int
    kind: str
    digest: str
    entry: Entry | None
    """None where it was erased."""


@dataclass(frozen=True)
class Hits:
    """What a search found."""

    found: tuple[Hit, ...]
    looked: int
    """Records that were opened."""

    complete: bool
    """Whether there is nothing more that meets the query."""


def search(folder: Path, ring: Ring, query: Query) -> Hits:
    """Return the entries that meet the query, the newest first.

    Raises:
        IntegrityError: a record that was to be shown is damaged.
        StorageError: the index cannot be kept.
    """
    index = Index(folder, ring)
    index.refresh()
    reader = Reader(folder, ring)
    found: list[Hit] = []
    looked = 0
    for row in index.rows(query.words, query.start, query.end, query.kinds):
        if row.kind in {"run", "closed", "seal"}:
            continue
        if len(found) >= query.limit or looked >= query.looks:
            return Hits(tuple(found), looked, complete=False)
        looked += 1
        hit = reader.hit(row)
        if _has_text(hit, query.text):
            found.append(hit)
    return Hits(tuple(found), looked, complete=True)


def _has_text(hit: Hit, text: str) -> bool:
    if not text:
        return True
    return hit.entry is not None and text.casefold() in hit.entry.body.decode("utf-8", "replace").casefold()


class Reader:
    """Reads single records of a journal."""

    def __init__(self, folder: Path, ring: Ring) -> None:
        self._disk, self._ring = FolderDisk(folder, private=True), ring
        self._openers: dict[str, Opener] = {}

    def hit(self, row: Row) -> Hit:
        """Return what a row of the index points at.

        Raises:
            IntegrityError: it is not there, or damaged.
        """
        record = self._record(row)
        opened = self._opener(row.segment).open(record)
        entry = None if opened is None else opened.entry
        return Hit(row.segment, row.place, row.time, row.kind, f"sha256:{record.digest.hex()}", entry)

    def _record(self, row: Row) -> Record:
        data = self._disk.read(f"{row.segment}/records", row.start - DIGEST, row.start + row.size) or b""
        record = record_at(data, DIGEST, data[:DIGEST])
        if record is None or record.head.place != row.place:
            hint = "run `tetrapylon operate journal verify`"
            raise IntegrityError(f"record {row.place} of `{row.segment}` is damaged", hint=hint, code="damaged")
        return record

    def _opener(self, name: str) -> Opener:
        if name not in self._openers:
            start = read_start_of(self._disk, name)
            if start is None:
                raise IntegrityError(f"`{name}` is gone", hint="run `tetrapylon operate journal verify`", code="damaged")
            self._openers[name] = Opener(self._disk, self._ring, name, start)
        return self._openers[name]


def segments(folder: Path) -> list[tuple[str, int]]:
    """Return every segment as lane and number, in order."""
    disk = FolderDisk(folder, private=True)
    return [(lane, number) for lane in lanes(disk) for number in segment_numbers(disk, lane)]


def size_of(folder: Path) -> int:
    """Return the bytes of all segments."""
    disk = FolderDisk(folder, private=True)
    names = [segment_name(*each) for each in segments(folder)]
    return sum(disk.size(f"{name}/{file}") or 0 for name in names for file in ("records", "keys"))

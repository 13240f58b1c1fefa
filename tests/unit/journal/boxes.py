"""Journals for tests: on a disk that can lose power, and in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.unit.evidence.test_power_loss import Folder, Node, WeakDisk
from tetrapylon.journal.entry import Entry, Sealed, encode
from tetrapylon.journal.frame import Record
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.lane import Lane
from tetrapylon.journal.opening import Opener
from tetrapylon.journal.scan import read_start_of, scan_segment
from tetrapylon.journal.segment import Limits, Prepared, prepare, segment_numbers
from tetrapylon.outside.disk import ListedDisk

RING = Ring((b"w" * 32,), b"p" * 32)
SMALL = Limits(records=12, bytes=1 << 20)


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: int = 1_800_000_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class ListedWeakDisk(WeakDisk):
    """A weak disk that can be listed, too."""

    def names(self, path: str) -> list[str]:
        inside = [each.rpartition("/")[2] for each in self.folders if each and each.rpartition("/")[0] == path]
        files = self.folders[path].now() if path in self.folders else {}
        return sorted([*inside, *files])

    def up_again(self, contents: str, names: str, seed: int) -> ListedWeakDisk:
        plain = self.after_power_loss(contents, names, seed)
        disk = ListedWeakDisk()
        disk.folders, disk.safe_folders = plain.folders, plain.safe_folders
        return disk


__all__ = ["Folder", "Node"]


def entry(number: int, *, tenant: str = "acme", subject: str = "", body: bytes | None = None, **labels: str) -> Entry:
    said = body if body is not None else b"question number %d" % number
    return Entry("request", tenant, subject or f"person-{number % 3}", "chat:a", "m", "teller", said, {"sequence": str(number), **labels})


def prepared(*entries: Entry) -> list[Prepared]:
    return [prepare(each, encode(each)) for each in entries]


def open_lane(disk: ListedDisk, *, limits: Limits = SMALL, clock: Clock | None = None, ring: Ring = RING) -> Lane:
    lane = Lane(disk, "main", ring, clock=clock or Clock(), limits=limits)
    lane.open()
    return lane


def append(lane: Lane, numbers: Sequence[int]) -> list[Sealed]:
    return lane.commit(prepared(*(entry(each) for each in numbers)))


def read_all(disk: ListedDisk, ring: Ring = RING, lane: str = "main") -> Iterator[tuple[Record, Entry | None]]:
    """Yield every entry of a lane that is whole; damage is an error."""
    for number in segment_numbers(disk, lane):
        name = f"{lane}/{number:08d}"
        start = read_start_of(disk, name)
        if start is None:
            continue
        opener = Opener(disk, ring, name, start)
        records: list[Record] = []
        found = scan_segment(disk, lane, number, records.append)
        if found.broken:
            raise found.broken
        for record in records:
            opened = opener.open(record)
            if not record.own:
                yield record, None if opened is None else opened.entry


def numbers(disk: ListedDisk) -> list[int]:
    """Return the numbers of all entries, in order."""
    return [int(found.labels["sequence"]) for _, found in read_all(disk) if found is not None]


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << (place % 8)
    path.write_bytes(data)

"""Retention: delete whole sealed segments that are older than the rule allows, unless they are on hold; and the holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.journal.erasing import Wanted, lanes, segments_of
from tetrapylon.journal.frame import Frontier
from tetrapylon.journal.heads import Head
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.notes import Hold, Notes, changing_notes, read_notes
from tetrapylon.journal.scan import Found, scan_segment
from tetrapylon.journal.segment import segment_numbers
from tetrapylon.kernel.errors import MissingError, RefusedError, UsageError
from tetrapylon.outside.disk import FolderDisk

DAY = 86_400_000
"""Milliseconds."""


@dataclass(frozen=True)
class Retired:
    """What retention did."""

    deleted: tuple[Head, ...]
    held: tuple[str, ...]
    """Segments that would have gone, but are on hold."""

    open: tuple[str, ...]
    """Segments that are too old, but not sealed yet: the next append to their lane seals them."""


def overdue(folder: Path, before: int) -> Iterator[Found]:
    """Yield the segments whose newest entry is older than `before` (milliseconds)."""
    disk = FolderDisk(folder, private=True)
    for lane in lanes(disk):
        for number in segment_numbers(disk, lane):
            found = scan_segment(disk, lane, number)
            if found.records and found.entry_time < before:
                yield found


def retire(folder: Path, ring: Ring, before: int) -> Retired:
    """Delete the sealed segments whose newest entry is older than `before`.

    Raises:
        IntegrityError: one of them is damaged: look at it before it goes.
    """
    notes = read_notes(folder, ring)
    deleted: list[Head] = []
    held: list[str] = []
    unsealed: list[str] = []
    for found in overdue(folder, before):
        if found.broken:
            raise found.broken
        if not found.sealed:
            unsealed.append(found.name)
        elif on_hold(notes, found.first_time, found.entry_time):
            held.append(found.name)
        else:
            deleted.append(_delete(folder, ring, found))
    return Retired(tuple(deleted), tuple(held), tuple(unsealed))


def on_hold(notes: Notes, first: int, last: int) -> list[str]:
    """Return the names of the holds on records of this time."""
    return [each.name for each in notes.holds.values() if each.meets(first, last)]


def _delete(folder: Path, ring: Ring, found: Found) -> Head:
    disk = FolderDisk(folder, private=True)
    lane, _, number = found.name.partition("/")
    tree = Frontier()
    scan_segment(disk, lane, int(number), lambda record: tree.add(record.digest))
    identity = found.start.identity.hex() if found.start else ""
    head = Head(found.name, identity, found.records, tree.root().hex(), found.digest.hex(), sealed=True)
    # Noted first: a segment that is gone and that nobody noted is a loss.
    with changing_notes(folder, ring) as notes:
        notes.retired[found.name] = head
        notes.erased.pop(found.name, None)
    disk.remove_folder(found.name)
    disk.sync_folder(lane)
    return head


def hold(folder: Path, ring: Ring, new: Hold) -> None:
    """Put records of a time on hold.

    Raises:
        UsageError: there is a hold of this name (`exists`), or its end is before its start.
    """
    if new.end < new.start:
        raise UsageError("the hold ends before it begins", code="bad-time")
    with changing_notes(folder, ring) as notes:
        if new.name in notes.holds:
            raise UsageError(f"there is a hold `{new.name}` already", hint="release it first, or choose another name", code="exists")
        notes.holds[new.name] = new


def release(folder: Path, ring: Ring, name: str) -> Hold:
    """Take a hold away.

    Raises:
        MissingError: there is none of this name (`no-hold`).
    """
    with changing_notes(folder, ring) as notes:
        if name not in notes.holds:
            raise MissingError(f"there is no hold `{name[:80]}`", hint=f"holds: {', '.join(notes.holds) or 'none'}", code="no-hold")
        return notes.holds.pop(name)


def refuse_held(folder: Path, ring: Ring, who: Wanted) -> None:
    """Refuse to erase a subject with records on hold.

    Raises:
        RefusedError: some are (`on-hold`).
    """
    notes, disk = read_notes(folder, ring), FolderDisk(folder, private=True)
    for name, _ in segments_of(disk, ring, who):
        lane, _, number = name.partition("/")
        found = scan_segment(disk, lane, int(number))
        holds = on_hold(notes, found.first_time, found.entry_time)
        if holds:
            hint = f"release it with `tetrapylon operate journal hold --release {holds[0]}` when it may end"
            raise RefusedError(f"records of this subject in `{name}` are on hold `{holds[0]}`", hint=hint, code="on-hold")

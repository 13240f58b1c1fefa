"""Erase what is known about a subject: destroy the data keys of its records in every segment.

The chain stays whole, for it is over what is encrypted; the records read as erased. The steps survive being killed: what is to
be erased is written down first, and whoever opens the journal next finishes it.
Cannot reach: copies of the key files that were made before (backups), and what a disk keeps of overwritten blocks. Keep the
journal's keys out of long-lived backups, or rotate the journal key and destroy the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.journal import slots
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.lane import ERASURES, NOBODY
from tetrapylon.journal.notes import changing_notes
from tetrapylon.journal.scan import read_start_of
from tetrapylon.journal.segment import segment_name, segment_numbers
from tetrapylon.kernel.canonical import canonical_json, read_json
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.clock import pause
from tetrapylon.outside.disk import FolderDisk, ListedDisk
from tetrapylon.outside.filelock import FileLock
from tetrapylon.outside.files import read_bytes, write_atomic

INTENT = "erasing"
"""What is being erased, while it is."""

COMMIT_LOCK = "commit.lock"

_YIELD = 0.005
"""Seconds for which a writer steps aside for an erasure that waits."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose keys are to be destroyed: a subject, within one tenant or all."""

    subject: bytes
    tenant: bytes | None = None

    def meets(self, slot: slots.Slot) -> bool:
        """Return whether a key is to be destroyed."""
        return slot.subject == self.subject and (self.tenant is None or slot.tenant == self.tenant)


def guard_of(folder: Path, lock: FileLock) -> Callable[[], AbstractContextManager[None]]:
    """Return what a writer holds from sealing to sync, so that no record is sealed under a key that is being destroyed."""
    intent = folder / INTENT

    @contextmanager
    def guard() -> Iterator[None]:
        # A lock that is shared without a pause would never be had alone.
        if intent.exists():
            pause(_YIELD)
        with lock.shared():
            yield

    return guard


def lanes(disk: ListedDisk) -> list[str]:
    """Return the names of the journal's lanes."""
    return [each for each in disk.names("") if segment_numbers(disk, each)]


def settled(folder: Path) -> dict[str, int]:
    """Return how many bytes of each segment are durable: taken between two commits, so that nothing of them can be taken back."""
    disk = FolderDisk(folder, private=True)
    if disk.size(COMMIT_LOCK) is None:
        # A copy, or nothing yet: nobody writes.
        return _sizes(disk)
    lock = FileLock(folder / COMMIT_LOCK)
    try:
        with lock.alone():
            return _sizes(disk)
    finally:
        lock.close()


def _sizes(disk: ListedDisk) -> dict[str, int]:
    names = [segment_name(lane, number) for lane in lanes(disk) for number in segment_numbers(disk, lane)]
    return {name: disk.size(f"{name}/records") or 0 for name in names}


def wanted(ring: Ring, subject: str, tenant: str = "") -> Wanted:
    """Return what erasing a subject destroys.

    Raises:
        UsageError: the subject is empty: records of nobody are erased by retention alone.
    """
    if not subject:
        raise UsageError("say whose records are to be erased", code="no-subject")
    return Wanted(ring.tag("subject", subject), ring.tag("tenant", tenant) if tenant else None)


def segments_of(disk: ListedDisk, ring: Ring, who: Wanted) -> Iterator[tuple[str, list[int]]]:
    """Yield each segment that holds keys of a subject, and the numbers of their slots."""
    for lane in lanes(disk):
        for number in segment_numbers(disk, lane):
            name = segment_name(lane, number)
            found = _slots_of(disk, ring, name, who)
            if found:
                yield name, found


def erase(folder: Path, ring: Ring, who: Wanted) -> list[tuple[str, int]]:
    """Destroy the keys, and return the segment and slot of each."""
    lock = FileLock(folder / COMMIT_LOCK)
    try:
        plan = {"subject": who.subject.hex(), "tenant": None if who.tenant is None else who.tenant.hex()}
        write_atomic(folder / INTENT, canonical_json(plan), 0o600)
        with lock.alone():
            return _destroy(folder, ring, who)
    finally:
        lock.close()


def finish_erasure(folder: Path, ring: Ring) -> None:
    """Finish an erasure that was cut short, if there is one."""
    try:
        plan = read_json(read_bytes(folder / INTENT), f"`{INTENT}`")
    except MissingError:
        return
    tenant = plan["tenant"]
    lock = FileLock(folder / COMMIT_LOCK)
    try:
        with lock.alone():
            _destroy(folder, ring, Wanted(bytes.fromhex(plan["subject"]), None if tenant is None else bytes.fromhex(tenant)))
    finally:
        lock.close()


def _destroy(folder: Path, ring: Ring, who: Wanted) -> list[tuple[str, int]]:
    """Write zeros over every key; the caller holds the lock alone."""
    disk = FolderDisk(folder, private=True)
    done: list[tuple[str, int]] = []
    for name, found in segments_of(disk, ring, who):
        # Noted first: a key of zeros that nobody noted is damage.
        with changing_notes(folder, ring) as notes:
            notes.erased.setdefault(name, set()).update(found)
        with disk.change(f"{name}/keys") as file:
            for number in found:
                file.write(slots.place(number), slots.ERASED)
            file.sync()
        done += [(name, each) for each in found]
    size = disk.size(ERASURES)
    with disk.change(ERASURES, new=size is None) as file:
        file.write(size or 0, b"\n")
        file.sync()
    (folder / INTENT).unlink(missing_ok=True)
    return done


def _slots_of(disk: ListedDisk, ring: Ring, name: str, who: Wanted) -> list[int]:
    start = read_start_of(disk, name)
    data = disk.read(f"{name}/keys") or b""
    if start is None:
        return []
    key = slots.segment_key(ring, start.identity, data, f"`{name}`")
    found = []
    for number in range(slots.count(len(data))):
        place = slots.place(number)
        slot = slots.open_slot(key, number, data[place : place + slots.SLOT], f"`{name}`")
        if slot is not None and slot.subject != NOBODY and who.meets(slot):
            found.append(number)
    return found

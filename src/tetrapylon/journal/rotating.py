"""Give the journal a new wrapping key: every segment's key is wrapped anew, and the old wrapping key opens nothing any more.

Nobody may write meanwhile. What is cut short is finished by running it again: until the last segment is done, both keys are in
the file.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from tetrapylon.journal import slots
from tetrapylon.journal.erasing import lanes
from tetrapylon.journal.keyfile import KEY, Ring, key_id, load_ring, save_ring
from tetrapylon.journal.scan import read_start_of
from tetrapylon.journal.segment import segment_name, segment_numbers
from tetrapylon.outside.disk import FolderDisk, WholeFiles
from tetrapylon.outside.filelock import FileLock


def rotate_key(folder: Path, path: Path, passphrase: bytes | None) -> tuple[Ring, int]:
    """Make a new wrapping key, wrap every segment's key under it, and forget the old one; return the ring and how many there were.

    Raises:
        ConflictError: somebody writes to the journal (`locked`).
    """
    disk = FolderDisk(folder, private=True)
    with ExitStack() as held:
        for lane in lanes(disk):
            lock = FileLock(folder / f"{lane}.lock")
            held.callback(lock.close)
            lock.take(0, f"another process writes to lane `{lane}` of the journal", "end it first: it could not open its own keys later")
        old = load_ring(path, passphrase)
        # More than one: the rotation before was cut short, and its new key has the first place already.
        both = old if len(old.wrapping) > 1 else Ring((os.urandom(KEY), *old.wrapping), old.pseudonyms)
        save_ring(path, both, passphrase, replace=True)
        count = sum(_rewrap(disk, both, segment_name(lane, number)) for lane in lanes(disk) for number in segment_numbers(disk, lane))
        new = Ring((both.current,), both.pseudonyms)
        save_ring(path, new, passphrase, replace=True)
    return new, count


def _rewrap(disk: FolderDisk, ring: Ring, name: str) -> bool:
    start = read_start_of(disk, name)
    data = disk.read(f"{name}/keys") or b""
    if start is None or data[8:16] == key_id(ring.current):
        return start is not None
    key = slots.segment_key(ring, start.identity, data, f"`{name}`")
    WholeFiles(disk).write(f"{name}/keys", slots.start_of(ring, start.identity, key) + data[slots.START_SIZE :])
    return True

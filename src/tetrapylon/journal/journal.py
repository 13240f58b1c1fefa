"""The journal that a server writes: entries from many tasks, each acknowledged when it is durable.

>>> journal = open_journal(folder, ring)
>>> sealed = await journal.append(Entry("request", "tenant", "subject", "chat:a", "model", "teller", b"...", {"sequence": "1"}))
>>> await journal.close()
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tetrapylon.journal.entry import Entry, Sealed, encode
from tetrapylon.journal.erasing import COMMIT_LOCK, finish_erasure, guard_of
from tetrapylon.journal.heads import Head
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.lane import Lane
from tetrapylon.journal.segment import Limits, Prepared, prepare
from tetrapylon.outside.clock import milliseconds
from tetrapylon.outside.commits import AsyncCommitter
from tetrapylon.outside.disk import FolderDisk
from tetrapylon.outside.filelock import FileLock
from tetrapylon.outside.files import make_folder

MAIN = "main"
"""The lane of the server that answers requests."""

WAIT = 10.0
"""Seconds for which a command waits for another that writes to the same lane."""


class Journal:
    """An open journal. One process writes to a lane; anybody may read at any time.

    1. `append` returns when the entry will survive power loss.
    2. Out of disk, everyone in the group gets a `StorageError`, nothing of it was recorded, and appends are refused until there
       is room again.
    """

    def __init__(self, lane: Lane, locks: ExitStack) -> None:
        self._lane, self._locks = lane, locks
        self._committer: AsyncCommitter[Prepared, Sealed] = AsyncCommitter(self._commit, weigh=lambda each: len(each.data))

    async def append(self, entry: Entry) -> Sealed:
        """Record an entry and return its receipt when it is durable.

        Raises:
            UsageError: it is not of the form of an entry, or too large; nothing else is affected.
            StorageError: the medium refused; the entry was not recorded.
        """
        return await self._committer.submit(prepare(entry, encode(entry)))

    async def close(self) -> None:
        """Wait for what is being recorded, and let go of the lane; twice does no harm."""
        try:
            await self._committer.close(self._lane.close)
        finally:
            self._locks.close()

    @property
    def run(self) -> str:
        """The name of this run, as its records have it."""
        return self._lane.run

    def head(self) -> Head | None:
        """Return the head of the segment that is being written."""
        return self._lane.head()

    def _commit(self, entries: Sequence[Prepared]) -> Sequence[Sealed]:
        return self._lane.commit(entries)


class Scribe:
    """A lane that a command writes to, entry by entry or many at once, waiting for the disk."""

    def __init__(self, lane: Lane, locks: ExitStack) -> None:
        self._lane, self._locks = lane, locks

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, *entries: Entry) -> list[Sealed]:
        """Record the entries together and return their receipts.

        Raises:
            UsageError: one is not of the form of an entry; none was recorded.
            StorageError: the medium refused; none was recorded.
        """
        return self._lane.commit([prepare(each, encode(each)) for each in entries])

    def seal(self) -> None:
        """End the open segment."""
        self._lane.seal()

    def close(self) -> None:
        """Let go of the lane; twice does no harm."""
        try:
            self._lane.close()
        finally:
            self._locks.close()


def open_journal(
    folder: Path, ring: Ring, *, lane: str = MAIN, limits: Limits | None = None, clock: Callable[[], int] = milliseconds
) -> Journal:
    """Open the journal in a folder for writing; the folder is made if it is missing.

    Raises:
        ConflictError: another process writes to it (`locked`).
        IntegrityError: what was acknowledged is damaged.
        StorageError: the medium refused.
    """
    return Journal(*_opened(folder, ring, lane, limits, clock, wait=0))


def open_scribe(folder: Path, ring: Ring, lane: str, *, limits: Limits | None = None, clock: Callable[[], int] = milliseconds) -> Scribe:
    """Open a lane of the journal for a command; waits a while for another command that writes to it.

    Raises:
        ConflictError, IntegrityError, StorageError: as `open_journal`.
    """
    return Scribe(*_opened(folder, ring, lane, limits, clock, wait=WAIT))


def _opened(folder: Path, ring: Ring, name: str, limits: Limits | None, clock: Callable[[], int], *, wait: float) -> tuple[Lane, ExitStack]:
    """Return an open lane, and the locks that are let go of when it is closed."""
    make_folder(folder, 0o700)
    disk = FolderDisk(folder, private=True)
    with ExitStack() as locks:
        commit, writer = FileLock(folder / COMMIT_LOCK), FileLock(folder / f"{name}.lock")
        locks.callback(commit.close)
        locks.callback(writer.close)
        lane = Lane(disk, name, ring, clock=clock, limits=limits, guard=guard_of(folder, commit))
        writer.take(wait, f"another process writes to lane `{name}` of the journal", "end it first; reading needs no lock")
        finish_erasure(folder, ring)
        lane.open()
        return lane, locks.pop_all()

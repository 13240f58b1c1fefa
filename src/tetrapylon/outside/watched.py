"""A small file that others change while we run: looked at ten times a second at most, read when it changed."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes, refused

SECONDS = 0.1
"""Between two looks."""


class WatchedFile:
    """The bytes of a file, as they were not longer than a tenth of a second ago."""

    def __init__(self, path: Path, limit: int = BOUNDS.json) -> None:
        self.path = path
        self._limit = limit
        self._looked = float("-inf")
        self._seen: tuple[int, ...] | None = None
        self._first = True

    def changed(self) -> bool:
        """Return whether it differs from what was last read; always true before the first reading."""
        now = time.monotonic()
        if now - self._looked < SECONDS and not self._first:
            return False
        self._looked = now
        return self._first or self._state() != self._seen

    def read(self) -> bytes | None:
        """Return its bytes, or None where there is no such file.

        Raises:
            TetrapylonError: it is there and cannot be read; it counts as changed until it can.
        """
        before = self._state()
        try:
            data = read_bytes(self.path, self._limit)
        except MissingError:
            data = None
        # Only what was read whole counts as seen: a failure is met again at the next look.
        self._seen, self._first = before, False
        return data

    def forget(self) -> None:
        """Count it as changed, because what was read was no use."""
        self._first = True

    def _state(self) -> tuple[int, ...] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Hold a file against other processes while it is read and written anew; the lock is a file beside it.

    Raises:
        StorageError: the medium refused.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise refused(lock, error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

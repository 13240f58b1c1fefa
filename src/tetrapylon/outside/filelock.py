"""Locks between processes: a file that one process holds, and that the system lets go of when the process ends.

The file stays when the lock is let go of; only a held lock counts.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tetrapylon.kernel.errors import ConflictError
from tetrapylon.outside.files import refused

_STEP = 0.01
"""Seconds between two tries."""


class FileLock:
    """A lock that is taken and let go of many times; the file is opened once.

    Raises:
        StorageError: the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise refused(path, error) from error

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Hold it together with others who share it; waits for who holds it alone."""
        fcntl.flock(self._handle, fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold it against everybody; waits without limit."""
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def take(self, seconds: float, message: str, hint: str) -> None:
        """Take it against everybody and keep it until `close`.

        Raises:
            ConflictError: somebody else holds it, for so many seconds (`locked`).
        """
        until = time.monotonic() + seconds
        while not self.try_take():
            if time.monotonic() >= until:
                raise ConflictError(message, hint=hint, code="locked")
            time.sleep(_STEP)

    def try_take(self) -> bool:
        """Take it against everybody, if nobody holds it; return whether."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go of it for good; twice does no harm."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)


def is_held(path: Path) -> bool:
    """Return whether a process holds the lock now."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        return not lock.try_take()
    finally:
        lock.close()

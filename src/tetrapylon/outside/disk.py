"""A folder on a disk, behind a port small enough for a test to lose power at every step of it.

Paths are relative to the folder, with `/`. What is written may be lost until `sync`, and a name may be lost until
`sync_folder`; code that must survive power loss orders its steps by these two and nothing else.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from tetrapylon.kernel.errors import StorageError

_SCRATCH = "scratch"
"""Where a file is written before it gets its name. One is enough: writers hold the exclusive lock."""

_LOCK = "lock"

_REASONS: dict[int, tuple[str, str, str]] = {
    errno.ENOSPC: ("full", "the disk is full", "free some space and run the command again"),
    errno.EDQUOT: ("full", "the disk quota is used up", "free some space and run the command again"),
    errno.EFBIG: ("full", "the file would be larger than is allowed here", "raise the limit on file sizes and run the command again"),
    errno.EROFS: ("read-only", "the disk is read-only", "mount it writable, or copy the folder to a place that is"),
    errno.EACCES: ("permission", "permission was denied", "check who owns the folder"),
    errno.EPERM: ("permission", "permission was denied", "check who owns the folder"),
    errno.EIO: ("failing", "the disk reports an error", "check the disk, then run the command again"),
}


class Change(Protocol):
    """One file, open for writing."""

    def write(self, offset: int, data: bytes) -> None:
        """Write all of the bytes at the offset."""
        ...

    def truncate(self, size: int) -> None:
        """Cut the file to `size` bytes."""
        ...

    def sync(self) -> None:
        """Return when everything written to the file will survive power loss."""
        ...


class Disk(Protocol):
    """One folder and what a store does with it. Every method raises `StorageError` where the medium refuses."""

    def size(self, path: str) -> int | None:
        """Return how many bytes the file has, or None where there is none."""
        ...

    def read(self, path: str, start: int = 0, stop: int | None = None) -> bytes | None:
        """Return the bytes from `start` up to `stop` or the end, or None where there is no file."""
        ...

    def change(self, path: str, *, new: bool = False) -> AbstractContextManager[Change]:
        """Open a file for writing; `new` makes it, or empties it."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give the file another name, replacing what had it, in one step."""
        ...

    def make_folder(self, path: str) -> None:
        """Make one folder, unless it is there."""
        ...

    def remove_folder(self, path: str) -> None:
        """Remove a folder of files, if it is there."""
        ...

    def sync_folder(self, path: str) -> None:
        """Return when the names in the folder will survive power loss."""
        ...

    def lock(self, *, shared: bool) -> AbstractContextManager[None]:
        """Hold the folder against other processes and threads; waits without limit."""
        ...


class ListedDisk(Disk, Protocol):
    """A folder that can be listed, too."""

    def names(self, path: str) -> list[str]:
        """Return the names in the folder, sorted; none where there is no folder."""
        ...


class WholeFiles:
    """Writes whole files so that at every moment each holds its old bytes or its new ones.

    The caller MUST hold the exclusive lock.
    """

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._synced: set[str] = set()

    def write(self, path: str, data: bytes) -> None:
        """Make the file hold exactly the bytes, durably."""
        self._make_folders(path)
        try:
            with self._disk.change(_SCRATCH, new=True) as file:
                file.write(0, data)
                file.sync()
        except StorageError:
            self._empty_scratch()
            raise
        self._disk.rename(_SCRATCH, path)
        self._disk.sync_folder(path.rpartition("/")[0])

    def copy(self, path: str, source: Path) -> None:
        """Make the file hold what another file holds, durably, without taking all of it into memory."""
        self._make_folders(path)
        try:
            with self._disk.change(_SCRATCH, new=True) as file, source.open("rb") as other:
                start = 0
                while part := other.read(1 << 20):
                    file.write(start, part)
                    start += len(part)
                file.sync()
        except StorageError:
            self._empty_scratch()
            raise
        self._disk.rename(_SCRATCH, path)
        self._disk.sync_folder(path.rpartition("/")[0])

    def settle(self, path: str) -> None:
        """Make the name of a file that is there durable: whoever wrote it may have been killed before that."""
        self._make_folders(path)
        self._disk.sync_folder(path.rpartition("/")[0])

    def remove_folder(self, path: str) -> None:
        """Remove a folder of files, if it is there."""
        self._synced.discard(path)
        self._disk.remove_folder(path)

    def _empty_scratch(self) -> None:
        with suppress(StorageError), self._disk.change(_SCRATCH, new=True):
            pass

    def _make_folders(self, path: str) -> None:
        parent = ""
        for name in path.split("/")[:-1]:
            folder = f"{parent}/{name}" if parent else name
            if folder not in self._synced:
                self._disk.make_folder(folder)
                # Synced even where the folder was there: whoever made it may have been killed before syncing its name.
                self._disk.sync_folder(parent)
                self._synced.add(folder)
            parent = folder


class FolderDisk:
    """A folder of the operating system; it is made when it is first locked for writing."""

    def __init__(self, root: Path, *, private: bool = False) -> None:
        self.root = root
        self._file_mode, self._folder_mode = (0o600, 0o700) if private else (0o644, 0o777)
        """Of what is made here; `private` is for nobody but its owner."""

    def names(self, path: str) -> list[str]:
        """Return the names in the folder, sorted; none where there is no folder."""
        with self._told("read", path):
            try:
                return sorted(each.name for each in (self.root / path).iterdir())
            except (FileNotFoundError, NotADirectoryError):
                return []

    def size(self, path: str) -> int | None:
        """Return how many bytes the file has, or None where there is none."""
        with self._told("read", path):
            try:
                return (self.root / path).stat().st_size
            except (FileNotFoundError, NotADirectoryError):
                return None

    def read(self, path: str, start: int = 0, stop: int | None = None) -> bytes | None:
        """Return the bytes from `start` up to `stop` or the end, or None where there is no file."""
        with self._told("read", path):
            try:
                with (self.root / path).open("rb", buffering=0) as file:
                    file.seek(start)
                    return _read_all(file.fileno(), None if stop is None else stop - start)
            except (FileNotFoundError, NotADirectoryError):
                return None

    @contextmanager
    def change(self, path: str, *, new: bool = False) -> Iterator[Change]:
        """Open a file for writing; `new` makes it, or empties it."""
        flags = os.O_WRONLY | os.O_CLOEXEC | (os.O_CREAT | os.O_TRUNC if new else 0)
        with self._told("write", path):
            handle = os.open(self.root / path, flags, self._file_mode)
            try:
                yield _OpenFile(handle, lambda: self._told("write", path))
            finally:
                os.close(handle)

    def rename(self, old: str, new: str) -> None:
        """Give the file another name, replacing what had it, in one step."""
        with self._told("write", new):
            (self.root / old).replace(self.root / new)

    def make_folder(self, path: str) -> None:
        """Make one folder, unless it is there."""
        with self._told("make", path):
            (self.root / path).mkdir(self._folder_mode, exist_ok=True)

    def remove_folder(self, path: str) -> None:
        """Remove a folder of files, if it is there."""
        folder = self.root / path
        with self._told("remove", path), suppress(FileNotFoundError):
            for each in list(folder.iterdir()):
                each.unlink()
            folder.rmdir()

    def sync_folder(self, path: str) -> None:
        """Return when the names in the folder will survive power loss."""
        with self._told("write", path):
            _sync_folder(self.root / path)

    @contextmanager
    def lock(self, *, shared: bool) -> Iterator[None]:
        """Hold the folder against other processes and threads; waits without limit.

        Where a folder was never written to, or is a copy without its lock file, a shared lock is no lock.
        """
        with self._told("read" if shared else "write", _LOCK):
            handle = self._open_lock(shared=shared)
        try:
            if handle is not None:
                fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            yield
        finally:
            if handle is not None:
                os.close(handle)

    def _open_lock(self, *, shared: bool) -> int | None:
        if shared:
            try:
                return os.open(self.root / _LOCK, os.O_RDONLY | os.O_CLOEXEC)
            except (FileNotFoundError, NotADirectoryError):
                return None
        self._make_root()
        return os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def _make_root(self) -> None:
        if not self.root.is_dir():
            missing = [each for each in (self.root, *self.root.parents) if not each.exists()]
            for each in reversed(missing):
                each.mkdir(exist_ok=True)
                _sync_folder(each.parent)

    @contextmanager
    def _told(self, action: str, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise storage_error(error, action, str(self.root / path)) from error


class _OpenFile:
    """A file of the operating system, open for writing."""

    def __init__(self, handle: int, told: Callable[[], AbstractContextManager[None]]) -> None:
        self._handle = handle
        self._told = told
        """Says what the medium refused, also to who keeps the file open beyond a `with`."""

    def write(self, offset: int, data: bytes) -> None:
        """Write all of the bytes at the offset."""
        view = memoryview(data)
        with self._told():
            while view:
                done = os.pwrite(self._handle, view, offset)
                view, offset = view[done:], offset + done

    def truncate(self, size: int) -> None:
        """Cut the file to `size` bytes."""
        with self._told():
            os.ftruncate(self._handle, size)

    def sync(self) -> None:
        """Return when everything written to the file will survive power loss."""
        # The size is synced as well where it grew; times of access and change are not worth a write.
        with self._told():
            os.fdatasync(self._handle)


def _read_all(handle: int, limit: int | None) -> bytes:
    parts: list[bytes] = []
    while limit is None or limit > 0:
        part = os.read(handle, 1 << 20 if limit is None else min(limit, 1 << 20))
        if not part:
            break
        parts.append(part)
        limit = None if limit is None else limit - len(part)
    return b"".join(parts)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def storage_error(error: OSError, action: str, path: str) -> StorageError:
    """Return what to tell the user when the medium refused."""
    code, reason, hint = _REASONS.get(error.errno or 0, ("failing", (error.strerror or str(error)).lower(), ""))
    return StorageError(f"cannot {action} `{path}`: {reason}", hint=hint, code=code)

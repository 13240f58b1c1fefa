"""Files: read with a bound, hash without following links, write whole or not at all.

Every refusal of the operating system becomes one of our errors here: what is not there is a `MissingError`, what may
not be taken as asked is a `UsageError`, and what the medium refuses is a `StorageError` that left nothing half done.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import ConflictError, MissingError, StorageError, TetrapylonError, UndecidedError, UsageError
from tetrapylon.outside.bounds import BOUNDS, Bounds

_REFUSALS = {
    errno.ENOSPC: ("the disk is full", "make room and run it again"),
    errno.EDQUOT: ("the quota is used up", "make room and run it again"),
    errno.EROFS: ("the file system is read-only", "choose a folder that can be written to"),
    errno.EACCES: ("permission is denied", "look at the owner and the mode of the folder"),
    errno.EPERM: ("permission is denied", "look at the owner and the mode of the folder"),
    errno.ENOENT: ("its folder is not there", "make the folder first"),
    errno.ENOTDIR: ("a part of its path is not a folder", "choose another path"),
    errno.EISDIR: ("there is a folder of this name", "choose another path"),
    errno.ENAMETOOLONG: ("its name is too long", "choose a shorter one"),
    errno.EFBIG: ("it would be larger than a file may be here", "look at `ulimit -f`"),
    errno.EIO: ("the medium failed", "look after the disk"),
}


def read_bytes(path: Path, limit: int = BOUNDS.json) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        MissingError: there is no such file (`no-such-file`).
        UsageError: not a regular file (`not-a-file`), or larger than `limit` bytes (`too-large`).
        StorageError: it cannot be read (`unreadable`).
    """
    with opened(path) as file:
        try:
            # Never asks for more than is there: a reader allocates what it is asked for.
            data = file.read(min(limit, os.fstat(file.fileno()).st_size) + 1)
        except OSError as error:
            raise unreadable(path, error) from error
    if len(data) > limit:
        raise UsageError(f"`{path}` is larger than {limit} bytes", code="too-large")
    return data


def lines_of(path: Path, longest: int) -> Iterator[bytes]:
    """Yield the lines of a regular file without their ends; of a longer line, `longest` bytes and one, so that it is seen.

    Raises:
        MissingError, UsageError, StorageError: as `read_bytes`.
    """
    with opened(path, follow=True) as file:
        try:
            while line := file.readline(longest + 1):
                yield line.removesuffix(b"\n").removesuffix(b"\r")
                while len(line) > longest and not line.endswith(b"\n"):
                    # The rest of a line that is too long is no line of its own.
                    line = file.readline(longest + 1)
        except OSError as error:
            raise unreadable(path, error) from error


def hash_file(path: Path, limit: int = BOUNDS.asset) -> Digest:
    """Return the digest of a regular file that is not a symbolic link.

    Raises:
        MissingError, UsageError, StorageError: as `read_bytes`; a link is `symlink`.
        UndecidedError: it changed while it was read (`changed-while-read`).
    """
    with opened(path, follow=False) as file:
        before = os.fstat(file.fileno())
        if before.st_size > limit:
            raise UsageError(f"`{path}` is larger than {limit} bytes", code="too-large")
        try:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise unreadable(path, error) from error
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        hint = "run it again when nothing writes to it"
        raise UndecidedError(f"`{path}` changed while it was read", hint=hint, code="changed-while-read")
    return Digest(f"sha256:{digest}")


def write_atomic(path: Path, data: bytes, mode: int = 0o644, *, replace: bool = True) -> None:
    """Write the file so that it is there completely, also after a loss of power, or not at all.

    The mode holds from the first byte on, whatever the umask says. Without `replace` an existing file is kept.

    Raises:
        StorageError: the medium refused, and nothing was left behind (`not-written`).
        ConflictError: there is a file already, and it was not to be replaced (`exists`).
    """
    # Most commands only read, and this import takes longer than all our own.
    import tempfile

    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".tetrapylon-", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            os.fchmod(handle, mode)
            file.write(data)
            file.flush()
            os.fsync(handle)
        _put(temporary, path, replace=replace)
        _sync_folder(path.parent)
    except FileExistsError as error:
        raise ConflictError(f"`{path}` exists already", hint="choose another name, or move it away", code="exists") from error
    except OSError as error:
        raise refused(path, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def copy_file(source: Path, target: Path, mode: int = 0o644) -> None:
    """Copy a regular file that is not a link; the copy is there completely, also after a loss of power, or not at all.

    Raises:
        MissingError, UsageError, StorageError: as `hash_file` and `write_atomic`.
    """
    import shutil
    import tempfile

    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".tetrapylon-", suffix=".tmp", dir=target.parent)
        temporary = Path(name)
        with opened(source, follow=False) as file, open(handle, "wb") as copy:  # noqa: PTH123 - a descriptor, not a path
            os.fchmod(handle, mode)
            shutil.copyfileobj(file, copy, 1 << 20)
            copy.flush()
            os.fsync(handle)
        _put(temporary, target, replace=True)
        _sync_folder(target.parent)
    except OSError as error:
        raise refused(target, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def make_folder(path: Path, mode: int = 0o755) -> None:
    """Make the folder and those above it; one that is there already stays as it is.

    Raises:
        StorageError: the medium refused (`not-written`).
    """
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise refused(path, error) from error


def remove(path: Path) -> None:
    """Take a file away; one that is not there is no error.

    Raises:
        StorageError: the medium refused (`not-written`).
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise refused(path, error) from error


def find_upwards(start: Path, name: str) -> Path | None:
    """Return the file of this name in the nearest folder at or above `start`, or nothing."""
    start = start.absolute()
    for folder in (start, *start.parents):
        with suppress(OSError):
            if (folder / name).is_file():
                return folder / name
    return None


def inside(root: Path, relative: str) -> Path:
    """Return the path inside `root`, none of whose parts is a symbolic link.

    Raises:
        MissingError: there is nothing there (`no-such-file`).
        UsageError: a part of it is a link (`symlink`).
    """
    path = root
    for part in relative.split("/"):
        path /= part
        if stat.S_ISLNK(mode_of(path)):
            raise symlink_error(path)
    return path


def mode_of(path: Path) -> int:
    """Return the type and permission bits of what is there, a link's own if it is one.

    Raises:
        MissingError: there is nothing there (`no-such-file`).
        StorageError: it cannot be looked at (`unreadable`).
    """
    try:
        return path.lstat().st_mode
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def symlink_error(path: Path) -> UsageError:
    """Return the error that a link is in the way."""
    hint = "put the file itself there: what is hashed must not lie elsewhere"
    return UsageError(f"`{path}` is a symbolic link", hint=hint, code="symlink")


def special_error(path: Path) -> UsageError:
    """Return the error that something is neither a file nor a folder, or not the one of them that was asked for."""
    return UsageError(f"`{path}` is not a regular file", code="not-a-file")


@contextmanager
def opened(path: Path, *, follow: bool = True) -> Iterator[BufferedReader]:
    """Open a regular file for reading; without `follow` a link is refused.

    Raises:
        MissingError, UsageError, StorageError: as `read_bytes`.
    """
    # Without O_NONBLOCK, opening a named pipe would wait for its writer for ever.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    try:
        handle = os.open(path, flags)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise special_error(path)
    with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        yield file


def unreadable(path: Path, error: OSError | ValueError) -> TetrapylonError:
    """Return the error that says why this cannot be read."""
    code = error.errno if isinstance(error, OSError) else errno.ENOENT
    if code in {errno.ENOENT, errno.ENOTDIR}:
        return MissingError(f"there is no `{path}`", code="no-such-file")
    if code == errno.ELOOP:
        return symlink_error(path)
    if code == errno.ENXIO:
        return special_error(path)
    reason = _REFUSALS.get(code or 0, (os.strerror(code or 0).lower(), ""))[0]
    return StorageError(f"`{path}` cannot be read: {reason}", code="unreadable")


def refused(path: Path, error: OSError) -> StorageError:
    """Return the error that says why this was not written."""
    reason, hint = _REFUSALS.get(error.errno or 0, (os.strerror(error.errno or 0).lower(), ""))
    return StorageError(f"`{path}` was not written: {reason}", hint=hint, code="not-written")


def _put(temporary: Path, path: Path, *, replace: bool) -> None:
    if replace:
        temporary.replace(path)
    else:
        # A rename would replace; a link fails where something is already, also when two race.
        path.hardlink_to(temporary)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def bounded(count: int, path: Path, bounds: Bounds) -> None:
    """Check the number of files found so far.

    Raises:
        UsageError: there are more than the bound (`too-many-files`).
    """
    if count > bounds.files:
        raise UsageError(f"`{path}` holds more than {bounds.files} files", code="too-many-files")

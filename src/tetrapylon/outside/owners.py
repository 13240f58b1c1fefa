"""Whose a file is and who else may touch it, as the file system says; nothing is followed and nothing is opened."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tetrapylon.kernel.errors import StorageError
from tetrapylon.outside.files import unreadable

_ACLS = frozenset({"system.posix_acl_access", "system.posix_acl_default", "system.nfs4_acl", "security.NTACL"})


@dataclass(frozen=True, slots=True)
class Owned:
    """What the file system says of one file or folder."""

    path: Path
    mode: int
    """Type and permission bits."""

    user: int
    device: int
    inode: int
    group_shared: bool
    """Whether its group may hold anybody but its owner."""

    lists: bool | None
    """Whether an access list says more than the mode does; None where that cannot be seen."""

    @property
    def others_read(self) -> bool:
        """Whether everybody may read it, or enter it if it is a folder."""
        return bool(self.mode & (stat.S_IXOTH if stat.S_ISDIR(self.mode) else stat.S_IROTH))

    @property
    def others_write(self) -> bool:
        """Whether somebody other than its owner may change it; in a folder with the sticky bit nobody touches others' files."""
        if stat.S_ISDIR(self.mode) and self.mode & stat.S_ISVTX:
            return False
        return bool(self.mode & stat.S_IWOTH) or bool(self.mode & stat.S_IWGRP and self.group_shared)

    @property
    def only_owner(self) -> bool:
        """Whether nobody but its owner may do anything with it."""
        return not self.mode & stat.S_IRWXO and not (self.mode & stat.S_IRWXG and self.group_shared)


def owned(path: Path) -> Owned:
    """Return whose it is.

    Raises:
        MissingError: there is nothing there.
        StorageError: it cannot be looked at.
    """
    try:
        found = path.lstat()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    shared = _shared(found.st_gid, found.st_uid)
    return Owned(path, found.st_mode, found.st_uid, found.st_dev, found.st_ino, shared, _lists(path))


def below(folder: Path, most: int) -> Iterator[Path]:
    """Yield a folder and everything below it, without following links.

    Raises:
        StorageError: it cannot be listed, or holds more than `most`.
    """
    waiting, count = [folder], 0
    while waiting:
        path = waiting.pop()
        count += 1
        if count > most:
            raise StorageError(f"`{folder}` holds more than {most} files", code="too-many-files")
        yield path
        try:
            if stat.S_ISDIR(path.lstat().st_mode):
                with os.scandir(path) as entries:
                    waiting += sorted((path / each.name for each in entries), reverse=True)
        except OSError as error:
            raise unreadable(path, error) from error


@lru_cache(256)
def _shared(group: int, user: int) -> bool:
    """Return whether a group may hold anybody but this user: on many systems everybody has a group of their own."""
    try:
        found, owner = grp.getgrgid(group), pwd.getpwuid(user)
    except KeyError:
        return True
    return not (found.gr_name == owner.pw_name and set(found.gr_mem) <= {owner.pw_name})


def _lists(path: Path) -> bool | None:
    try:
        return not _ACLS.isdisjoint(os.listxattr(path, follow_symlinks=False))
    except (OSError, AttributeError):
        return None

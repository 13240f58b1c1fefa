"""Every regular file below a folder; links and special files are named, never followed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import bounded, unreadable


def regular_files(root: Path, names: tuple[str, ...], paths: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the regular files, and what is there and is none; folders of these names and paths are left out.

    Raises:
        StorageError: a folder cannot be read.
        UsageError: there are too many.
    """
    found: list[str] = []
    other: list[str] = []
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            entries = sorted(os.scandir(root / prefix), key=lambda each: each.name)
        except OSError as error:
            raise unreadable(root / prefix, error) from error
        for each in entries:
            path = f"{prefix}{each.name}"
            mode = each.stat(follow_symlinks=False).st_mode
            if each.name in names or path in paths:
                continue
            if stat.S_ISDIR(mode):
                waiting.append(f"{path}/")
            else:
                (found if stat.S_ISREG(mode) else other).append(path)
        bounded(len(found) + len(other), root, BOUNDS)
    return sorted(found), sorted(other)

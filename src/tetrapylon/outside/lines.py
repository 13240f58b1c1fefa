"""Files of lines that grow: appended to whole, turned over at a bound, read with a bound."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.bounds import MIB
from tetrapylon.outside.files import opened, refused

LONGEST_FILE = 64 * MIB
LONGEST_LINE = 64 * 1024


def append_lines(path: Path, lines: bytes, limit: int = LONGEST_FILE) -> None:
    """Append whole lines in one write; a file that has reached the limit makes room for a new one and is kept once as `NAME.1`.

    Raises:
        StorageError: the medium refused (`not-written`).
    """
    try:
        with suppress(FileNotFoundError):
            if path.stat().st_size + len(lines) > limit:
                path.replace(path.with_name(f"{path.name}.1"))
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(handle, lines)
        finally:
            os.close(handle)
    except OSError as error:
        raise refused(path, error) from error


def read_lines(path: Path, limit: int = LONGEST_FILE) -> Iterator[bytes]:
    """Yield the lines of a file.

    Raises:
        MissingError, UsageError, StorageError: as `read_bytes`; a line is longer than may be (`too-large`).
    """
    left = limit
    with opened(path) as file:
        while line := file.readline(LONGEST_LINE + 1):
            left -= len(line)
            if len(line) > LONGEST_LINE or left < 0:
                raise UsageError(f"`{path}` is larger than is read, or has a line that is", code="too-large")
            yield line

"""Write a report to a file, and over nothing but an earlier report."""

from __future__ import annotations

from pathlib import Path

from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic


def write_report(path: Path, data: bytes, mark: bytes) -> None:
    """Write the file; its folder is made if need be.

    `mark` is what every report of this form has near its beginning.

    Raises:
        UsageError: something else than an earlier report is there (`exists`).
        StorageError: the medium refused.
    """
    if path.exists():
        held = read_bytes(path, BOUNDS.passport) if path.is_file() else b"?"
        if held and mark not in held[:2048]:
            raise UsageError(f"`{path}` is there and is not a report", hint="name another file", code="exists")
    make_folder(path.parent)
    write_atomic(path, data)

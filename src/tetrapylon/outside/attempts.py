"""What was tried, kept while it goes on: one row for each attempt, only ever added, in SQLite with a write-ahead log.

Rows are written in batches; a process that is killed loses the batch that it had not yet written, and those attempts are made
again. The file is readable by its owner alone: answers of a system under attack hold what it leaked.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import StorageError, UsageError
from tetrapylon.outside.files import make_folder

BATCH = 64
"""Rows that are written together."""

_FORM = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempt (id TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""


class Attempts:
    """The attempts of one run."""

    def __init__(self, path: Path | None, about: Mapping[str, str], *, resume: bool) -> None:
        """Open the file, or keep everything in memory where `path` is None.

        Raises:
            UsageError: it holds another run (`other-run`).
            StorageError: it cannot be written.
        """
        self._waiting: list[tuple[str, bytes]] = []
        self._encode = msgspec.json.Encoder().encode
        try:
            self._open(path, resume=resume)
            held = dict(self._base.execute("SELECT name, value FROM about").fetchall())
            if held and held != dict(about):
                raise UsageError("the attempts that are kept there are of another run", hint="leave out `--resume`", code="other-run")
            self._base.executemany("INSERT OR IGNORE INTO about VALUES (?, ?)", sorted(about.items()))
            self._base.commit()
        except sqlite3.Error as error:
            raise StorageError(
                f"attempts cannot be kept in `{path}`", hint="look at the folder and the disk", code="not-written"
            ) from error

    def _open(self, path: Path | None, *, resume: bool) -> None:
        if path is not None:
            make_folder(path.parent)
            if not resume:
                for each in ("", "-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        path.with_name(path.name + each).unlink()
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        self._base = sqlite3.connect(":memory:" if path is None else path, isolation_level="DEFERRED")
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.executescript(_FORM)

    def known(self) -> frozenset[str]:
        """Return the ids of the attempts that were made."""
        self.flush()
        return frozenset(each for (each,) in self._base.execute("SELECT id FROM attempt"))

    def add(self, name: str, value: Json) -> None:
        """Keep one attempt; the first that was kept under a name stays."""
        self._waiting.append((name, self._encode(value)))
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits.

        Raises:
            StorageError: the medium refused.
        """
        try:
            self._base.executemany("INSERT OR IGNORE INTO attempt VALUES (?, ?)", self._waiting)
            self._base.commit()
        except sqlite3.Error as error:
            raise StorageError("an attempt could not be kept", hint="make room and go on with `--resume`", code="not-written") from error
        self._waiting.clear()

    def rows(self) -> Iterator[tuple[str, Json]]:
        """Yield every attempt in the order of the ids."""
        self.flush()
        for name, value in self._base.execute("SELECT id, value FROM attempt ORDER BY id"):
            yield name, msgspec.json.decode(value)

    def close(self) -> None:
        """Write what waits and let go of the file."""
        self.flush()
        self._base.close()


def read_attempts(folder: Path) -> Iterator[tuple[dict[str, str], list[Json]]]:
    """Yield what each kept run was about and its rows, the newest run first; a file that is no such run is left out."""
    for path in sorted(folder.glob("*.sqlite"), key=lambda each: each.stat().st_mtime_ns, reverse=True):
        try:
            base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            try:
                about = dict(base.execute("SELECT name, value FROM about").fetchall())
                rows = [msgspec.json.decode(value) for (value,) in base.execute("SELECT value FROM attempt ORDER BY id")]
            finally:
                base.close()
        except (sqlite3.Error, msgspec.MsgspecError):
            continue
        yield about, rows

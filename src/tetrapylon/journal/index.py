"""An index of the journal that can be thrown away: SQLite, pseudonyms instead of names, nothing that an entry says.

Times, kinds and sizes are as clear as in the segments; tenant, subject, principal, route, model and verdict are keyed hashes. The
file is brought up to date before each search from what is new, and made anew after an erasure.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tetrapylon.journal.erasing import lanes, settled
from tetrapylon.journal.frame import START_SIZE, Record
from tetrapylon.journal.keyfile import Ring
from tetrapylon.journal.lane import ERASURES
from tetrapylon.journal.opening import Opener
from tetrapylon.journal.scan import read_start_of, scan_segment
from tetrapylon.journal.segment import segment_name, segment_numbers
from tetrapylon.kernel.errors import StorageError
from tetrapylon.outside.disk import FolderDisk
from tetrapylon.outside.files import write_atomic

INDEX = "index.sqlite"

COLUMNS = ("tenant", "subject", "principal", "route", "model", "verdict")
"""What can be searched for by equality."""

_TABLES = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS segment (name TEXT PRIMARY KEY, identity TEXT NOT NULL, records INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS record (
  segment TEXT NOT NULL, place INTEGER NOT NULL, start INTEGER NOT NULL, size INTEGER NOT NULL, time INTEGER NOT NULL, kind TEXT NOT NULL,
  tenant BLOB, subject BLOB, principal BLOB, route BLOB, model BLOB, verdict BLOB, PRIMARY KEY (segment, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_time ON record (time);
"""

_KNOWN = """
SELECT identity, records, (SELECT coalesce(max(start + size), 0) FROM record WHERE segment = ?) FROM segment WHERE name = ?
"""

_INSERT = f"INSERT OR REPLACE INTO record VALUES ({', '.join('?' * 12)})"  # noqa: S608 - question marks alone


@dataclass(frozen=True, slots=True)
class Row:
    """Where a record lies."""

    segment: str
    place: int
    start: int
    size: int
    time: int
    kind: str


class Index:
    """The index of the journal in a folder."""

    def __init__(self, folder: Path, ring: Ring) -> None:
        self._folder, self._ring = folder, ring
        self._disk = FolderDisk(folder, private=True)

    def rows(self, wanted: Mapping[str, str], start: int, end: int, kinds: tuple[str, ...] = ()) -> Iterator[Row]:
        """Yield the records that meet every word wanted, the newest first.

        Raises:
            StorageError: the index cannot be kept here.
        """
        # Columns are from a fixed list, and every value is bound: nothing that a caller says becomes SQL.
        terms = ["time BETWEEN ? AND ?"]
        values: list[Any] = [start, end]
        for name in COLUMNS:
            if name in wanted:
                terms.append(f"{name} = ?")
                values.append(self._ring.tag(name, wanted[name]))
        if kinds:
            terms.append(f"kind IN ({', '.join('?' * len(kinds))})")
            values += kinds
        asked = f"SELECT segment, place, start, size, time, kind FROM record WHERE {' AND '.join(terms)} ORDER BY time DESC, segment DESC, place DESC"  # noqa: S608, E501 - see above
        with self._database() as database:
            for each in database.execute(asked, values):
                yield Row(*each)

    def refresh(self) -> int:
        """Take in what is new, and return how many records there are.

        Raises:
            IntegrityError: a segment's keys are damaged.
            StorageError: the index cannot be kept here.
        """
        with self._database() as database, database:
            self._forget(database)
            for name, size in settled(self._folder).items():
                self._take_in(database, name, size)
            return int(database.execute("SELECT count(*) FROM record").fetchone()[0])

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        path = self._folder / INDEX
        if not path.exists():
            write_atomic(path, b"", 0o600)
        try:
            with closing(sqlite3.connect(path, timeout=30)) as database:
                database.executescript(f"PRAGMA secure_delete=ON; {_TABLES}")
                yield database
        except sqlite3.Error as error:
            hint = f"delete `{INDEX}`: it is made anew from the segments"
            raise StorageError(f"the index of the journal cannot be used: {error}", hint=hint, code="index") from error

    def _forget(self, database: sqlite3.Connection) -> None:
        """Forget segments that are gone, and everything after an erasure: hashes of who was erased must not stay."""
        erasures = str(self._disk.size(ERASURES) or 0)
        known = database.execute("SELECT value FROM state WHERE name = 'erasures'").fetchone()
        if known is not None and known[0] != erasures:
            database.execute("DELETE FROM record")
            database.execute("DELETE FROM segment")
        database.execute("INSERT OR REPLACE INTO state VALUES ('erasures', ?)", (erasures,))
        there = {segment_name(lane, number) for lane in lanes(self._disk) for number in segment_numbers(self._disk, lane)}
        for (name,) in database.execute("SELECT name FROM segment").fetchall():
            if name not in there:
                database.execute("DELETE FROM record WHERE segment = ?", (name,))
                database.execute("DELETE FROM segment WHERE name = ?", (name,))

    def _take_in(self, database: sqlite3.Connection, name: str, size: int) -> None:
        start = read_start_of(self._disk, name)
        if start is None:
            return
        known = database.execute(_KNOWN, (name, name)).fetchone()
        if known is not None and known[2] and known[2] >= size:
            return
        if known is None or known[0] != start.identity.hex():
            database.execute("DELETE FROM record WHERE segment = ?", (name,))
            known = None
        skip, offset, rows = known[1] if known else 0, START_SIZE, []
        opener = Opener(self._disk, self._ring, name, start)

        def see(record: Record) -> None:
            nonlocal offset
            if record.head.place >= skip:
                rows.append((name, *_row(self._ring, opener, record, offset)))
            offset += record.head.size

        lane, _, number = name.partition("/")
        found = scan_segment(self._disk, lane, int(number), see, size)
        database.executemany(_INSERT, rows)
        database.execute("INSERT OR REPLACE INTO segment VALUES (?, ?, ?)", (name, start.identity.hex(), found.records))


def _row(ring: Ring, opener: Opener, record: Record, offset: int) -> tuple[Any, ...]:
    head = record.head
    tags: list[bytes | None] = [head.tenant, None, None, None, None, None]
    opened = None if record.own else opener.open(record)
    if opened is not None:
        entry = opened.entry
        values = (entry.tenant, entry.subject, entry.principal, entry.route, entry.model, entry.labels.get("verdict", ""))
        tags = [ring.tag(name, value) for name, value in zip(COLUMNS, values, strict=True)]
    return (head.place, offset, head.size, head.time, record.kind, *tags)

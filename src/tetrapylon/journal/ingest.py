"""Take in logs that other programs wrote: one file in `ingests/` is one format; bad lines are counted and said, never lost silently.

A format offers `read(line: bytes, options: Mapping[str, str]) -> Entry | None` for one line (None: nothing to record, such as a
comment), and may offer `lines(data: Iterable[bytes]) -> Iterator[bytes]` where a file is not one line for each record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tetrapylon.journal.entry import Entry, encode
from tetrapylon.kernel.errors import StorageError, TetrapylonError
from tetrapylon.kernel.shelf import Shelf

FORMATS = Shelf("tetrapylon.journal.ingests")

LINE = 17 << 20
"""Bytes of one line at most."""

GROUP = 256
"""Entries that are recorded together."""

TOLD = 20
"""Bad lines that are named; all are counted."""


@dataclass
class Ingested:
    """What became of the lines of a file."""

    recorded: int = 0
    skipped: int = 0
    """Lines with nothing to record."""

    bad: int = 0
    told: list[str] = field(default_factory=list)
    """The first bad lines, and what is wrong with them."""


def ingest(
    name: str, data: Iterable[bytes], options: Mapping[str, str], record: Callable[[list[Entry]], None], *, source: str = ""
) -> Ingested:
    """Record every entry in the lines; `record` returns when the entries it is given are durable.

    Raises:
        UsageError: there is no such format.
        StorageError: the medium refused; the message says how many entries were recorded before.
    """
    part = FORMATS.part(name, "format")
    split = getattr(part, "lines", None)
    done = Ingested()
    group: list[Entry] = []
    for entry in _entries(part.read, data if split is None else split(data), options, done, source):
        group.append(entry)
        if len(group) >= GROUP:
            _record(group, record, done)
            group = []
    if group:
        _record(group, record, done)
    return done


def _record(group: list[Entry], record: Callable[[list[Entry]], None], done: Ingested) -> None:
    try:
        record(group)
    except StorageError as error:
        said = f"{error.message}; {done.recorded} entries were recorded before"
        raise StorageError(said, hint=error.hint, code=error.code) from error
    done.recorded += len(group)


def _entries(
    read: Callable[[bytes, Mapping[str, str]], Entry | None],
    lines: Iterable[bytes],
    options: Mapping[str, str],
    done: Ingested,
    source: str,
) -> Iterator[Entry]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            if len(line) > LINE:
                raise ValueError(f"longer than {LINE} bytes")  # noqa: TRY301 - one place that counts what is bad
            entry = read(line, options)
            if entry is not None:
                entry = _marked(entry, source, number)
                encode(entry)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, TetrapylonError) as error:
            done.bad += 1
            if len(done.told) < TOLD:
                done.told.append(f"line {number}: {_why(error)}")
            continue
        if entry is None:
            done.skipped += 1
        else:
            yield entry


def _marked(entry: Entry, source: str, number: int) -> Entry:
    """Say where an entry comes from: it is a copy of what somebody else wrote, and only as true as that."""
    labels = {**entry.labels, "source": source, "line": str(number)}
    return Entry(entry.kind, entry.tenant, entry.subject, entry.route, entry.model, entry.principal, entry.body, labels)


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"`{error.args[0]}` is missing"
    if isinstance(error, TetrapylonError):
        return error.message
    return str(error)[:200] or type(error).__name__

"""Read a segment record by record, check the chain, and tell a write that was cut short from damage to what was acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tetrapylon.journal.frame import (
    DIGEST,
    HEAD,
    LEAST,
    MARK,
    MOST,
    START_SIZE,
    Head,
    Record,
    Start,
    chained,
    read_start,
    record_at,
    vouched,
)
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.outside.disk import Disk

_STEP = 1 << 20
FAR = 1 << 62

See = Callable[[Record], None]


@dataclass
class Found:
    """What a segment holds."""

    name: str
    start: Start | None = None
    records: int = 0
    digest: bytes = bytes(DIGEST)
    size: int = 0
    """Where the whole records end."""

    torn: int = 0
    """Bytes after that, of a write that was cut short."""

    slots: int = 0
    """How many keys the records need."""

    kind: str = ""
    """Of the last record."""

    first_time: int = 0
    time: int = 0
    entry_time: int = 0
    """Of the newest entry; where there is none, of the first record."""

    broken: IntegrityError | None = None

    @property
    def sealed(self) -> bool:
        """Whether nothing can be added."""
        return self.kind == "seal"


class _Window:
    """The bytes of a file from a moving place on; never more of them in memory than the largest record and a step."""

    def __init__(self, disk: Disk, path: str, stop: int | None) -> None:
        self._disk, self._path = disk, path
        self.length = min(disk.size(path) or 0, FAR if stop is None else stop)
        self.offset = 0
        self._data = b""
        self._from = 0

    def need(self, size: int) -> memoryview:
        """Return the bytes from `offset` on, at least `size` of them if the file has them."""
        skip = self.offset - self._from
        if len(self._data) - skip < size and self._from + len(self._data) < self.length:
            stop = min(self.length, self.offset + size + _STEP)
            self._data = self._disk.read(self._path, self.offset, stop) or b""
            self._from, skip = self.offset, 0
        return memoryview(self._data)[skip:]

    def rest(self, before: int) -> bytes:
        """Return everything from `before` bytes before `offset` on."""
        return self._disk.read(self._path, max(self.offset - before, 0), self.length) or b""


def scan_segment(disk: Disk, lane: str, number: int, see: See | None = None, stop: int | None = None) -> Found:
    """Return what a segment holds, up to `stop` bytes; `see` is shown every whole record in order. Damage is returned, not raised."""
    name = f"{lane}/{number:08d}"
    found = Found(name)
    window = _Window(disk, f"{name}/records", stop)
    try:
        found.start = read_start(bytes(window.need(START_SIZE)[:START_SIZE]), f"`{name}`")
    except IntegrityError as error:
        return _unstarted(found, window, error)
    if (found.start.lane, found.start.number) != (lane, number):
        found.broken = IntegrityError(f"`{name}` is another segment under this name", hint="put it back in its place", code="moved")
        return found
    found.digest = found.start.digest
    found.size = window.offset = START_SIZE
    _walk(found, window, see)
    return found


def _unstarted(found: Found, window: _Window, error: IntegrityError) -> Found:
    """Judge a segment without a start: made when power was lost, or damaged."""
    if vouched(window.rest(0), 0) > 0:
        found.broken = error
    found.torn = window.length
    return found


def _walk(found: Found, window: _Window, see: See | None) -> None:
    while window.offset < window.length:
        record = _next(window, found.digest)
        if record is None:
            _judge(found, window)
            return
        if record.head.place != found.records:
            found.broken = _damaged(found)
            return
        _take(found, record)
        window.offset += record.head.size
        if see is not None:
            see(record)
    found.size = window.offset


def _next(window: _Window, previous: bytes) -> Record | None:
    view = window.need(HEAD.size)
    if len(view) < HEAD.size:
        return None
    head = Head(*HEAD.unpack_from(view))
    if head.mark != MARK or not LEAST <= head.size <= MOST:
        return None
    return record_at(window.need(head.size), 0, previous)


def _take(found: Found, record: Record) -> None:
    head = record.head
    if not found.records:
        found.first_time = found.entry_time = head.time
    if not record.own:
        found.entry_time = head.time
    found.records += 1
    found.digest, found.kind, found.time = record.digest, record.kind, head.time
    found.slots = max(found.slots, head.slot + 1)


def _judge(found: Found, window: _Window) -> None:
    """Decide whether what follows the last whole record was ever acknowledged."""
    found.size, found.torn = window.offset, window.length - window.offset
    data = window.rest(DIGEST)
    if max(vouched(data, DIGEST), _vouched_by_next(data, found.digest)) > found.records:
        found.broken = _damaged(found)
    elif found.kind == "seal":
        # Nothing is written after a seal.
        found.broken = IntegrityError(f"`{found.name}` has {found.torn} bytes after its seal", hint="cut them off", code="damaged")


def _vouched_by_next(data: bytes, previous: bytes) -> int:
    """Return what the record behind the damaged one vouches for, if only the digest between the two is damaged."""
    if len(data) < DIGEST + HEAD.size:
        return 0
    head = Head(*HEAD.unpack_from(data, DIGEST))
    end = DIGEST + head.size
    if head.mark != MARK or not LEAST <= head.size <= MOST or end > len(data):
        return 0
    digest = chained(previous, data[DIGEST : DIGEST + HEAD.size], data[DIGEST + HEAD.size : end - DIGEST])
    found = record_at(data, end, digest)
    return 0 if found is None else found.head.durable


def _damaged(found: Found) -> IntegrityError:
    hint = "restore the segment from a copy; the records before it are whole"
    return IntegrityError(f"record {found.records} of `{found.name}` is damaged", hint=hint, code="damaged")


def read_start_of(disk: Disk, name: str) -> Start | None:
    """Return the start of a segment, or None where power was lost while it was made."""
    data = disk.read(f"{name}/records", 0, START_SIZE) or b""
    try:
        return read_start(data, f"`{name}`")
    except IntegrityError:
        if (disk.size(f"{name}/records") or 0) > START_SIZE:
            raise
        return None

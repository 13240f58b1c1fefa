"""How a record lies in a segment: a head in the clear, the sealed entry, and the digest that chains it to those before.

    mark 4 | size u32 | place u64 | number u64 | durable u64 | time u64 | sequence u64 | kind u8 | slot u32 | tenant 16 | commitment 32
    sealed: AES-256-GCM of (blind 16 | entry), tag 16
    digest 32 = SHA-256(previous digest | head | SHA-256(sealed))

All numbers are big-endian; `time` is milliseconds since 1970. Nobody who lacks the keys learns more than when something was
recorded, of which kind and size, under which number of its request (`sequence`, 0 for none), and which records have one tenant
or one key. `commitment` = SHA-256(blind | entry) lets a tenant check an export without any key, and says nothing once the blind
is erased with the key. `durable` is the number of records that were safe when this one was written: damage below it is damage to
what was acknowledged; damage at the end that no later `durable` vouches for is a write that power loss cut short.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tetrapylon.journal.entry import KINDS
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.kernel.merkle import node_hash
from tetrapylon.outside.bounds import BOUNDS

MARK = b"\xa7tpj"
"""Where a record begins; with it the next whole record is found behind a damaged one."""

HEAD = struct.Struct(">4sIQQQQQBI16s32s")
TAG = 16
"""Bytes of an AES-GCM tag."""

BLIND = 16
DIGEST = 32
LEAST = HEAD.size + BLIND + TAG + DIGEST
MOST = LEAST + BOUNDS.record + (1 << 20)
"""The largest record: a body, and labels and fields beside it."""

RUN, CLOSED, SEAL = 201, 202, 203
"""Records of the journal's own: a process begins to write, has ended well, and the segment is full."""

CODES = {name: place for place, name in enumerate(KINDS, 1)} | {"run": RUN, "closed": CLOSED, "seal": SEAL}
KIND_NAMES = {code: name for name, code in CODES.items()}

START = struct.Struct(">8s16s16sQQ32s")
MAGIC = b"TPJSEG1\n"
START_SIZE = START.size + DIGEST

_sha256 = hashlib.sha256


class Head(NamedTuple):
    """The clear part of a record, field by field as it is packed."""

    mark: bytes
    size: int
    place: int
    number: int
    durable: int
    time: int
    sequence: int
    kind: int
    slot: int
    tenant: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """One whole record whose digest is right."""

    head: Head
    packed: bytes
    """The head's bytes."""

    sealed: bytes
    previous: bytes
    digest: bytes

    @property
    def kind(self) -> str:
        """What kind of entry it is, or `run`, `closed` or `seal`."""
        return KIND_NAMES[self.head.kind]

    @property
    def own(self) -> bool:
        """Whether it is the journal's own and nobody's entry."""
        return self.head.kind >= RUN


@dataclass(frozen=True, slots=True)
class Start:
    """The first bytes of a segment."""

    identity: bytes
    """16 random bytes; everything in the segment is bound to them."""

    lane: str
    number: int
    created: int
    previous: bytes
    """The last digest of the segment before, or zeros."""

    digest: bytes


def chained(previous: bytes, head: bytes, sealed: bytes) -> bytes:
    """Return the digest of a record after `previous`."""
    return _sha256(previous + head + _sha256(sealed).digest()).digest()


def nonce_of(number: int) -> bytes:
    """Return the nonce of the record that a run counted so; a run never counts down, and makes all of its keys."""
    return struct.pack(">4xQ", number)


def pack_start(identity: bytes, lane: str, number: int, created: int, previous: bytes) -> Start:
    """Return the start of a new segment."""
    head = START.pack(MAGIC, identity, lane.encode().ljust(16, b"\0"), number, created, previous)
    return Start(identity, lane, number, created, previous, _sha256(head).digest())


def start_bytes(start: Start) -> bytes:
    """Return the bytes of a start."""
    head = START.pack(MAGIC, start.identity, start.lane.encode().ljust(16, b"\0"), start.number, start.created, start.previous)
    return head + start.digest


def read_start(data: bytes, what: str) -> Start:
    """Return the start that the bytes hold.

    Raises:
        IntegrityError: they hold none (`damaged`).
    """
    if len(data) >= START_SIZE:
        magic, identity, lane, number, created, previous = START.unpack_from(data)
        digest = data[START.size : START_SIZE]
        if magic == MAGIC and _sha256(data[: START.size]).digest() == digest:
            return Start(identity, lane.rstrip(b"\0").decode("ascii", "replace"), number, created, previous, digest)
    raise IntegrityError(f"the start of {what} is damaged", hint="restore it from a copy", code="damaged")


def record_at(data: bytes | memoryview, offset: int, previous: bytes) -> Record | None:
    """Return the record that begins at the offset and follows `previous`, or None if none whole does."""
    if offset + LEAST > len(data):
        return None
    head = Head(*HEAD.unpack_from(data, offset))
    end = offset + head.size
    if head.mark != MARK or not LEAST <= head.size <= MOST or end > len(data) or head.kind not in KIND_NAMES:
        return None
    packed = bytes(data[offset : offset + HEAD.size])
    sealed = bytes(data[offset + HEAD.size : end - DIGEST])
    digest = bytes(data[end - DIGEST : end])
    if chained(previous, packed, sealed) != digest:
        return None
    return Record(head, packed, sealed, previous, digest)


def vouched(data: bytes, offset: int) -> int:
    """Return how many records those behind a damaged place say were safe: the most `durable` of any whole record there."""
    most = 0
    for place in _marks(data, offset):
        found = record_at(data, place, data[max(place - DIGEST, 0) : place])
        if found is not None:
            most = max(most, found.head.durable)
    return most


def _marks(data: bytes, offset: int) -> Iterator[int]:
    place = data.find(MARK, offset)
    while place >= 0:
        yield place
        place = data.find(MARK, place + 1)


class Frontier:
    """The root of a growing RFC 6962 tree, from the roots of its complete subtrees alone: memory does not grow with it."""

    def __init__(self) -> None:
        self._peaks: list[bytes] = []
        self.count = 0

    def add(self, digest: bytes) -> None:
        """Add a record's digest as the next leaf."""
        # The two hashes are written out: this runs for every record.
        hashed, position = _sha256(b"\0" + digest).digest(), self.count
        while position & 1:
            hashed = _sha256(b"\1" + self._peaks.pop() + hashed).digest()
            position >>= 1
        self._peaks.append(hashed)
        self.count += 1

    def root(self) -> bytes:
        """Return the root over everything that was added."""
        if not self._peaks:
            return _sha256(b"").digest()
        hashed = self._peaks[-1]
        for each in reversed(self._peaks[:-1]):
            hashed = node_hash(each, hashed)
        return hashed

    def copy(self) -> Frontier:
        """Return another that grows on its own."""
        found = Frontier()
        found._peaks, found.count = self._peaks[:], self.count
        return found

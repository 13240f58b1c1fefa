"""The end of a log kept in files: entries that are durable and not yet in a full bundle.

Each append is one frame, and a frame counts only when it is whole, so an append cut short by a kill or by power loss
never happened. Frame: `TPF1`, index of its first entry (8 bytes), number of entries (4), length of what follows (4),
the entries as in a C2SP bundle, and the SHA-256 of all that (32). Numbers are big-endian.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from typing import NamedTuple

from tetrapylon.evidence.tiles import bundle, read_bundle
from tetrapylon.kernel.errors import IntegrityError

_MAGIC = b"TPF1"
_HEAD = struct.Struct(">4sQII")
_CHECK = 32

FRAME_HEAD = _HEAD.size
"""How many bytes tell where a frame begins in the log."""


class Frames(NamedTuple):
    """What whole frames hold, and how many bytes they take."""

    entries: list[bytes]
    length: int


def frame(index: int, entries: Sequence[bytes]) -> bytes:
    """Return the frame of an append whose first entry gets this index."""
    body = bundle(entries)
    data = _HEAD.pack(_MAGIC, index, len(entries), len(body)) + body
    return data + hashlib.sha256(data).digest()


def first_index(head: bytes) -> int:
    """Return the index of the first entry, given a tail's first bytes.

    Raises:
        IntegrityError: no frame begins here (`damaged`).
    """
    if len(head) < FRAME_HEAD or not head.startswith(_MAGIC):
        raise _damaged()
    return int(_HEAD.unpack_from(head)[1])


def read_frames(data: bytes, index: int) -> Frames:
    """Return the entries of the whole frames, the first of which has this index, up to an append cut short.

    Raises:
        IntegrityError: a whole frame follows one that is not: an append is never written behind one that was cut
            short, so what is broken was whole once (`damaged`).
    """
    entries: list[bytes] = []
    at = 0
    while (found := _frame_at(data, at, index + len(entries))) is not None:
        entries += found.entries
        at += found.length
    if _whole_frame_after(data, at, index + len(entries)):
        raise _damaged()
    return Frames(entries, at)


def _frame_at(data: bytes, at: int, index: int | None) -> Frames | None:
    """Return the frame at a position; an index of None takes any."""
    if len(data) - at < FRAME_HEAD + _CHECK:
        return None
    magic, first, count, length = _HEAD.unpack_from(data, at)
    stop = at + FRAME_HEAD + length
    if magic != _MAGIC or index not in (None, first) or stop + _CHECK > len(data):
        return None
    if hashlib.sha256(data[at:stop]).digest() != data[stop : stop + _CHECK]:
        return None
    return Frames(read_bundle(data[at + FRAME_HEAD : stop], count, "the end of the log"), stop + _CHECK - at)


def _whole_frame_after(data: bytes, at: int, index: int) -> bool:
    # Entries are JSON text, which holds no zero byte, so no entry can look like a frame.
    while (at := data.find(_MAGIC, at + 1)) != -1:
        found = _frame_at(data, at, None)
        if found is not None and _HEAD.unpack_from(data, at)[1] >= index:
            return True
    return False


def _damaged() -> IntegrityError:
    return IntegrityError("the end of the log is damaged", hint="restore `tail` from a backup", code="damaged")

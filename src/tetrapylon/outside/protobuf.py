"""Fields of a Protocol Buffers message, read without its schema: what is not asked for is skipped by its length.

Source: Protocol Buffers encoding.
"""

from __future__ import annotations

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
"""Wire types."""

_WIDTHS = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT = 10


def fields(message: memoryview) -> Iterator[tuple[int, int, memoryview | int]]:
    """Yield number, wire type and value of each field.

    Raises:
        ValueError: the bytes are not a message.
    """
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        field, wire = key >> 3, key & 7
        if wire == VARINT:
            number, at = varint(message, at)
            yield field, wire, number
            continue
        size, at = varint(message, at) if wire == BYTES else (_WIDTHS.get(wire, -1), at)
        if field == 0 or not 0 <= size <= len(message) - at:
            raise ValueError("not a field")
        yield field, wire, message[at : at + size]
        at += size


def varint(message: memoryview, at: int) -> tuple[int, int]:
    """Return the number that begins at a place, and the place after it.

    Raises:
        ValueError: no number begins there.
    """
    number = 0
    for count in range(_LONGEST_VARINT):
        if at + count >= len(message):
            break
        byte = message[at + count]
        number |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that more follows
            return number, at + count + 1
    raise ValueError("not a number")

"""ONNX: a protocol buffer without a magic number.

What it does: walks the fields at the top as a protocol buffer and compares them with those of a `ModelProto`.
Why it matters: the format cannot run Python, but operators outside its standard are code of somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator

ENDINGS: tuple[str, ...] = (".onnx", ".ort")
WITHIN: tuple[str, ...] = ()
RUNS_CODE = ""
GOOD: tuple[bytes, ...] = (
    b"\x08\x09\x12\x07skl2onn\x1a\x031.0" + b"\x3a\x80\x20" + bytes(64),
    b"\x08\x07\x12\x07pytorch\x3a\x04\x0a\x02ab\x42\x02\x10\x0d",
)
BAD: tuple[bytes, ...] = (b"\x08\x09", b"\x08\x09hello world", b"\x0a\x03abc\x12\x03abc", b"\x80\x04\x95")

_MODEL = {1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2}
"""Wire types by field of `ModelProto` in `onnx.proto`."""

_VERSIONS = range(1, 64)
_GRAPH, _OPSET = 7, 8
_LONGEST_VARINT = 10


def matches(head: bytes, size: int) -> bool:
    """Return whether a file of `size` bytes that begins with `head` is of this format."""
    fields = list(_fields(head, size))
    numbers = [number for number, _ in fields]
    known = bool(fields) and all(number in _MODEL for number in numbers)
    return known and numbers[0] == 1 and fields[0][1] in _VERSIONS and bool({_GRAPH, _OPSET} & set(numbers))


def _fields(head: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Yield each field's number with its value or length; number 0 where this is no protocol buffer of a model."""
    at = 0
    while at < len(head):
        tag, at = _varint(head, at)
        value, at = _varint(head, at)
        wire = _MODEL.get(tag >> 3)
        if wire is None or tag & 7 != wire or value < 0 or (wire and at + value > size):
            yield 0, 0
            return
        yield tag >> 3, value
        at += value if wire else 0


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins here and where it ends; -1 where it does not end within the head."""
    value = 0
    for shift, each in enumerate(data[at : at + _LONGEST_VARINT]):
        value |= (each & 127) << (7 * shift)
        if each < 128:  # noqa: PLR2004 - the bit that says that more follows
            return value, at + shift + 1
    return -1, len(data)

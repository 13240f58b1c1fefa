"""Whether an ONNX file keeps weights in other files.

A session that is made from verified bytes looks for such files in the working directory, where nobody verified them. Only
the fields that lead to a tensor are followed and tensor data is skipped by its length, so this takes milliseconds.
Source: onnx.proto3 of ONNX 1.18 (field numbers), Protocol Buffers encoding.
"""

from __future__ import annotations

from collections.abc import Iterator

_MODEL, _GRAPH, _NODE, _ATTRIBUTE, _TENSOR, _SPARSE, _TRAINING, _FUNCTION = range(8)

_INNER: dict[int, dict[int, int]] = {
    _MODEL: {7: _GRAPH, 20: _TRAINING, 25: _FUNCTION},
    _TRAINING: {1: _GRAPH, 2: _GRAPH},
    _FUNCTION: {7: _NODE, 11: _ATTRIBUTE},
    _GRAPH: {1: _NODE, 5: _TENSOR, 15: _SPARSE},
    _NODE: {5: _ATTRIBUTE},
    _ATTRIBUTE: {5: _TENSOR, 6: _GRAPH, 10: _TENSOR, 11: _GRAPH, 22: _SPARSE, 23: _SPARSE},
    _SPARSE: {1: _TENSOR, 2: _TENSOR},
}
"""Which field of which message holds which message."""

_EXTERNAL_DATA, _DATA_LOCATION = 13, 14
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_WIDTHS = {_FIXED64: 8, _FIXED32: 4}
_LONGEST_VARINT = 10
_DEEPEST = 100


def has_external_data(data: bytes) -> bool:
    """Return whether a tensor of the model lies outside of the file.

    Raises:
        ValueError: the bytes are not an ONNX model.
    """
    if not data:
        raise ValueError("empty")
    return _external(memoryview(data), _MODEL, 0)


def _external(message: memoryview, kind: int, depth: int) -> bool:
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    for field, wire, value in _fields(message):
        if kind == _TENSOR:
            if field == _EXTERNAL_DATA or (field == _DATA_LOCATION and value):
                return True
        elif (inner := _INNER[kind].get(field)) is not None:
            if wire != _BYTES or not isinstance(value, memoryview):
                raise ValueError("not a message")
            if _external(value, inner, depth + 1):
                return True
    return False


def _fields(message: memoryview) -> Iterator[tuple[int, int, memoryview | int]]:
    """Yield number, wire type and value of each field."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        field, wire = key >> 3, key & 7
        if wire == _VARINT:
            number, at = _varint(message, at)
            yield field, wire, number
            continue
        size, at = _varint(message, at) if wire == _BYTES else (_WIDTHS.get(wire, -1), at)
        if field == 0 or not 0 <= size <= len(message) - at:
            raise ValueError("not a field")
        yield field, wire, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    number = 0
    for count in range(_LONGEST_VARINT):
        if at + count >= len(message):
            break
        byte = message[at + count]
        number |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that more follows
            return number, at + count + 1
    raise ValueError("not a number")

"""Whether an ONNX file keeps weights in other files.

A session that is made from verified bytes looks for such files in the working directory, where nobody verified them. Only
the fields that lead to a tensor are followed and tensor data is skipped by its length, so this takes milliseconds.
Source: onnx.proto3 of ONNX 1.18 (field numbers), Protocol Buffers encoding.
"""

from __future__ import annotations

from tetrapylon.outside.protobuf import BYTES, fields

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
    for field, wire, value in fields(message):
        if kind == _TENSOR:
            if field == _EXTERNAL_DATA or (field == _DATA_LOCATION and value):
                return True
        elif (inner := _INNER[kind].get(field)) is not None:
            if wire != BYTES or not isinstance(value, memoryview):
                raise ValueError("not a message")
            if _external(value, inner, depth + 1):
                return True
    return False

"""ONNX: inputs, outputs, opsets, operators and the number of parameters.

What it does: follows the few fields that say so and skips tensor data by its length; nothing is loaded.
Why it matters: what a model takes and how large it is are facts of the file, not of what somebody wrote about it.
Source: onnx.proto3 of ONNX 1.18 (field numbers).
"""

from __future__ import annotations

import math
import mmap
from collections import Counter
from collections.abc import Iterator

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.format import FormatError
from tetrapylon.outside.protobuf import BYTES, VARINT, fields, varint

SUFFIXES = (".onnx",)

_TYPES = {
    **dict(enumerate(("undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16"))),
    **dict(enumerate(("float64", "uint32", "uint64", "complex64", "complex128", "bfloat16"), 11)),
    **dict(enumerate(("float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1"), 17)),
}
_INDICES = {"int32", "int64", "uint32", "uint64", "bool", "string", "undefined"}
"""Types of constants that are positions, shapes and names, not what was learned."""

_LISTED = 64


def describe(data: bytes | mmap.mmap) -> dict[str, Json]:
    """Return what the model says of itself. Parameters in sub-graphs (bodies of loops and branches) are not counted."""
    with memoryview(data) as whole:
        try:
            return _model(whole)
        except (ValueError, RecursionError) as error:
            raise FormatError("not an ONNX model") from error


def _model(message: memoryview) -> dict[str, Json]:
    found: dict[str, Json] = {"opsets": {}}
    for number, wire, value in fields(message):
        if number == 1 and wire == VARINT:
            found["irVersion"] = value
        elif isinstance(value, memoryview) and number in {2, 3}:
            found["producer" if number == 2 else "producerVersion"] = _text(value)  # noqa: PLR2004 - field number
        elif isinstance(value, memoryview) and number == 7:  # noqa: PLR2004 - field number
            found.update(_graph(value))
        elif isinstance(value, memoryview) and number == 8:  # noqa: PLR2004 - field number
            domain, version = _opset(value)
            found["opsets"][domain or "ai.onnx"] = version
    if "operators" not in found:
        raise FormatError("it has no graph")
    return found


def _graph(message: memoryview) -> dict[str, Json]:
    inputs: list[dict[str, Json]] = []
    outputs: list[dict[str, Json]] = []
    operators: Counter[str] = Counter()
    tensors: dict[str, tuple[str, int]] = {}
    for number, wire, value in fields(message):
        if wire != BYTES or not isinstance(value, memoryview):
            continue
        if number == 1:
            operators[_operator(value)] += 1
        elif number == 5:  # noqa: PLR2004 - field number
            name, kind, size = _tensor(value)
            tensors[name] = (kind, size)
        elif number in {11, 12}:
            (inputs if number == 11 else outputs).append(_value(value))  # noqa: PLR2004 - field number
    learned = [(kind, size) for kind, size in tensors.values() if kind not in _INDICES]
    return {
        "inputs": [each for each in inputs if each["name"] not in tensors][:_LISTED],
        "outputs": outputs[:_LISTED],
        "operators": sorted(operators),
        "nodes": operators.total(),
        "tensors": len(learned),
        "types": sorted({kind for kind, _ in learned}),
        "parameters": sum(size for _, size in learned),
    }


def _text(value: memoryview) -> str:
    return bytes(value[:1000]).decode("utf-8", "replace")


def _opset(message: memoryview) -> tuple[str, int]:
    domain, version = "", 0
    for number, _, value in fields(message):
        if number == 1 and isinstance(value, memoryview):
            domain = _text(value)
        elif number == 2 and isinstance(value, int):  # noqa: PLR2004 - field number
            version = value
    return domain, version


def _operator(message: memoryview) -> str:
    return next((_text(value) for number, _, value in fields(message) if number == 4 and isinstance(value, memoryview)), "?")  # noqa: PLR2004 - field number


def _tensor(message: memoryview) -> tuple[str, str, int]:
    """Return name, type and number of values of a constant."""
    shape: list[int] = []
    name, kind = "", "undefined"
    for number, wire, value in fields(message):
        if number == 1:
            shape += [value] if isinstance(value, int) else _packed(value)
        elif number == 2 and isinstance(value, int):  # noqa: PLR2004 - field number
            kind = _TYPES.get(value, "undefined")
        elif number == 8 and wire == BYTES and isinstance(value, memoryview):  # noqa: PLR2004 - field number
            name = _text(value)
    return name, kind, math.prod(shape)


def _packed(value: memoryview) -> Iterator[int]:
    at = 0
    while at < len(value):
        number, at = varint(value, at)
        yield number


def _value(message: memoryview) -> dict[str, Json]:
    """Return name, type and shape of an input or output; only tensors have a shape."""
    found: dict[str, Json] = {"name": "", "type": "not a tensor", "shape": None}
    for number, _, value in fields(message):
        if number == 1 and isinstance(value, memoryview):
            found["name"] = _text(value)
        elif number == 2 and isinstance(value, memoryview):  # noqa: PLR2004 - field number
            for inner, _, tensor in fields(value):
                if inner == 1 and isinstance(tensor, memoryview):
                    found.update(_tensor_type(tensor))
    return found


def _tensor_type(message: memoryview) -> dict[str, Json]:
    found: dict[str, Json] = {"type": "undefined"}
    for number, _, value in fields(message):
        if number == 1 and isinstance(value, int):
            found["type"] = _TYPES.get(value, "undefined")
        elif number == 2 and isinstance(value, memoryview):  # noqa: PLR2004 - field number
            found["shape"] = [_dimension(each) for inner, _, each in fields(value) if inner == 1 and isinstance(each, memoryview)]
    return found


def _dimension(message: memoryview) -> int | str:
    """Return a dimension: a number, the name that stands for one, or `?`."""
    for number, _, value in fields(message):
        if number == 1 and isinstance(value, int):
            return value
        if number == 2 and isinstance(value, memoryview):  # noqa: PLR2004 - field number
            return _text(value) or "?"
    return "?"


def _sample() -> bytes:
    """Return a model that multiplies its input of any number of rows with a 2 x 3 matrix."""
    dimension = b"\x0a\x03\x12\x01n", b"\x0a\x02\x08\x02", b"\x0a\x02\x08\x03"
    shape_in, shape_out = dimension[0] + dimension[1], dimension[0] + dimension[2]
    tensor = b"\x08\x02\x08\x03\x10\x01\x42\x01w"
    node = b"\x0a\x01x\x0a\x01w\x12\x01y\x22\x06MatMul"
    graph = _bytes(1, node) + _bytes(5, tensor) + _bytes(11, _named("x", shape_in)) + _bytes(12, _named("y", shape_out))
    return b"\x08\x08" + _bytes(2, b"hand") + _bytes(7, graph) + _bytes(8, b"\x10\x12")


def _named(name: str, shape: bytes) -> bytes:
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, b"\x08\x01" + _bytes(2, shape)))


def _bytes(number: int, value: bytes) -> bytes:
    return bytes([number << 3 | BYTES, len(value)]) + value


SAMPLES: dict[str, tuple[bytes, dict[str, Json]]] = {
    "matrix.onnx": (
        _sample(),
        {
            "irVersion": 8,
            "producer": "hand",
            "opsets": {"ai.onnx": 18},
            "inputs": [{"name": "x", "type": "float32", "shape": ["n", 2]}],
            "outputs": [{"name": "y", "type": "float32", "shape": ["n", 3]}],
            "operators": ["MatMul"],
            "nodes": 1,
            "tensors": 1,
            "types": ["float32"],
            "parameters": 6,
        },
    ),
}

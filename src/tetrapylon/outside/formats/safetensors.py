"""safetensors: tensors with their types, and the number of parameters.

What it does: reads the JSON header, whose length comes first, and nothing of the weights.
Why it matters: what is in the file is said by the file.
"""

from __future__ import annotations

import json
import math
import mmap
from typing import Any

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.format import FormatError

SUFFIXES = (".safetensors",)

_LARGEST_HEADER = 100 << 20
"""Bytes; the reference implementation reads no longer header."""

_LENGTH = 8
_LISTED = 64


def describe(data: bytes | mmap.mmap) -> dict[str, Json]:
    """Return what the header says."""
    size = int.from_bytes(data[:_LENGTH], "little")
    if not 2 <= size <= min(_LARGEST_HEADER, len(data) - _LENGTH):  # noqa: PLR2004 - `{}` is the shortest header
        raise FormatError("the header does not fit into the file")
    try:
        header = json.loads(data[_LENGTH : _LENGTH + size])
    except (ValueError, RecursionError) as error:
        raise FormatError("the header is not JSON") from error
    if not isinstance(header, dict):
        raise FormatError("the header is not an object")
    metadata = header.pop("__metadata__", {})
    tensors = {str(name): _tensor(each) for name, each in sorted(header.items())}
    shown = [{"name": name[:200], "type": kind, "shape": shape} for name, (kind, shape) in list(tensors.items())[:_LISTED]]
    kinds = sorted({kind for kind, _ in tensors.values()})
    found: dict[str, Json] = {
        "tensors": len(tensors),
        "types": kinds,
        "parameters": sum(math.prod(shape) for _, shape in tensors.values()),
        "layout": shown,
    }
    if isinstance(metadata, dict) and isinstance(metadata.get("format"), str):
        found["framework"] = metadata["format"][:100]
    return found


def _tensor(value: Any) -> tuple[str, list[int]]:
    try:
        kind, shape = value["dtype"], value["shape"]
    except (KeyError, TypeError) as error:
        raise FormatError("a tensor has no type or no shape") from error
    if not (isinstance(kind, str) and isinstance(shape, list) and all(type(each) is int and 0 <= each < 1 << 63 for each in shape)):
        raise FormatError("a tensor has a type or a shape that cannot be")
    return kind[:20], shape


_HEADER = b'{"b":{"dtype":"F32","shape":[3],"data_offsets":[24,36]},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}'
SAMPLES: dict[str, tuple[bytes, dict[str, Json]]] = {
    "two.safetensors": (
        len(_HEADER).to_bytes(8, "little") + _HEADER + bytes(36),
        {
            "tensors": 2,
            "types": ["F32"],
            "parameters": 9,
            "layout": [{"name": "b", "type": "F32", "shape": [3]}, {"name": "w", "type": "F32", "shape": [2, 3]}],
        },
    ),
}

"""GGUF: architecture, quantisation and the number of parameters.

What it does: reads the typed header of keys and tensors, within bounds, and nothing of the weights.
Why it matters: most language models that run on one machine come in this form.
Source: GGUF specification of ggml, versions 2 and 3.
"""

from __future__ import annotations

import math
import mmap
import struct
from dataclasses import dataclass

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.format import FormatError

SUFFIXES = (".gguf",)

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _ARRAY = 8, 9
_MOST = 1_000_000
"""Tensors, keys, or members of an array."""

_SAID = {"general.architecture": "architecture", "general.name": "name", "general.license": "licence", "general.file_type": "fileType"}
_DIMENSIONS = 8


@dataclass
class _Reader:
    """The header, read from front to back."""

    data: bytes | mmap.mmap
    at: int = 0

    def number(self, code: str) -> int:
        size = struct.calcsize(f"<{code}")
        if self.at + size > len(self.data):
            raise FormatError("it ends within its header")
        (found,) = struct.unpack(f"<{code}", self.data[self.at : self.at + size])
        self.at += size
        return found  # type: ignore[no-any-return]  # `struct` types nothing; floats are passed on as they are

    def count(self, code: str = "Q") -> int:
        found = self.number(code)
        if found > _MOST:
            raise FormatError(f"it announces {found} parts")
        return found

    def text(self) -> str:
        size = self.number("Q")
        if size > len(self.data) - self.at:
            raise FormatError("it ends within its header")
        self.at += size
        return bytes(self.data[self.at - size : self.at][:1000]).decode("utf-8", "replace")

    def value(self, kind: int, depth: int = 0) -> Json:
        if kind == _TEXT:
            return self.text()
        if kind in _NUMBERS:
            return self.number(_NUMBERS[kind])
        if kind != _ARRAY or depth > _DIMENSIONS:
            raise FormatError("it holds a type that is not known")
        inner, size = self.number("I"), self.count()
        for _ in range(size):
            self.value(inner, depth + 1)
        return None


def describe(data: bytes | mmap.mmap) -> dict[str, Json]:
    """Return what the header says."""
    reader = _Reader(data)
    if data[:4] != b"GGUF":
        raise FormatError("it does not begin with `GGUF`")
    reader.at = 4
    version = reader.number("I")
    if version not in {2, 3}:
        raise FormatError(f"version {version} is not read")
    tensors, keys = reader.count(), reader.count()
    said: dict[str, Json] = {}
    for _ in range(keys):
        name = reader.text()
        found = reader.value(reader.number("I"))
        if name in _SAID:
            said[_SAID[name]] = found
    parameters = 0
    for _ in range(tensors):
        reader.text()
        shape = [reader.number("Q") for _ in range(min(reader.count("I"), _DIMENSIONS))]
        parameters += math.prod(shape)
        reader.number("I")
        reader.number("Q")
    return {**said, "version": version, "tensors": tensors, "parameters": parameters}


def _named(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()


SAMPLES: dict[str, tuple[bytes, dict[str, Json]]] = {
    "tiny.gguf": (
        b"GGUF"
        + struct.pack("<IQQ", 3, 1, 2)
        + (_named("general.architecture") + struct.pack("<I", 8) + _named("tiny"))
        + (_named("x") + struct.pack("<IIQBB", 9, 0, 2, 1, 2))
        + (_named("w") + struct.pack("<IQQIQ", 2, 2, 3, 0, 0)),
        {"architecture": "tiny", "version": 3, "tensors": 1, "parameters": 6},
    ),
}

"""Weights outside of an ONNX file are seen, wherever the tensor hangs."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.deploy.integrity.onnxfile import has_external_data


def varint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def message(field: int, data: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(data)) + data


def nested(data: bytes, *fields: int) -> bytes:
    for field in reversed(fields):
        data = message(field, data)
    return data


INSIDE = message(9, bytes(200)) + varint(14 << 3) + varint(0)
EXTERNAL = message(13, message(1, b"location") + message(2, b"w.bin"))
LOCATION = varint(14 << 3) + varint(1)

WAYS = {
    "initializer": (7, 5),
    "values of a sparse initializer": (7, 15, 1),
    "indices of a sparse initializer": (7, 15, 2),
    "constant": (7, 1, 5, 5),
    "constants": (7, 1, 5, 10),
    "sparse constant": (7, 1, 5, 22, 1),
    "sparse constants": (7, 1, 5, 23, 2),
    "branch": (7, 1, 5, 6, 5),
    "branches": (7, 1, 5, 11, 5),
    "branch of a branch": (7, 1, 5, 6, 1, 5, 6, 5),
    "training": (20, 1, 5),
    "training algorithm": (20, 2, 5),
    "function": (25, 7, 5, 5),
    "default of a function": (25, 11, 5),
}


@pytest.mark.parametrize("way", WAYS)
def test_tensors_are_found_wherever_they_hang(way):
    before = varint(1 << 3) + varint(9) + message(2, b"producer")
    assert not has_external_data(before + nested(INSIDE, *WAYS[way]))
    assert has_external_data(before + nested(INSIDE + EXTERNAL, *WAYS[way]))
    assert has_external_data(before + nested(LOCATION, *WAYS[way]) + message(8, b""))


def test_other_fields_are_skipped():
    other = varint(30 << 3 | 1) + bytes(8) + varint(31 << 3 | 5) + bytes(4) + message(14, b"metadata")
    assert not has_external_data(other + nested(INSIDE + varint(4 << 3 | 5) + bytes(4), 7, 5))
    assert not has_external_data(nested(EXTERNAL, 14)), "the same number in another message is something else"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80",
        b"\xff" * 11,
        message(7, b"\x3a")[:-1],
        b"\x3a\x05abc",
        varint(7 << 3) + varint(1),
        b"\x3b",
        b"\x02\x00",
        b"ORTM" + bytes(8),
        b"\x3d\x00",
        nested(b"", *([7] + [1, 5, 6] * 60)),
    ],
)
def test_what_is_no_onnx_file_is_refused(data):
    with pytest.raises(ValueError):
        has_external_data(data)


@given(st.binary(min_size=1, max_size=200))
@settings(max_examples=200)
def test_rubbish_never_surprises(data):
    with suppress(ValueError):
        assert has_external_data(data) in {True, False}

"""Every value has one encoding, and every other encoding is refused."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.canonical import Json, base64_text, canonical_json, read_base64, read_canonical, read_json
from tetrapylon.kernel.errors import IntegrityError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_reading_gives_back_what_was_written(value: Json) -> None:
    data = canonical_json(value)
    assert read_canonical(data, "it") == value
    assert canonical_json(read_json(data, "it")) == data


@given(st.dictionaries(TEXT, VALUES, min_size=2, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, Json]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@given(VALUES, st.data())
def test_a_changed_byte_is_refused_or_another_value(value: Json, data: st.DataObject) -> None:
    encoded = bytearray(canonical_json(value))
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] ^= data.draw(st.integers(1, 255))
    try:
        found = read_canonical(bytes(encoded), "it")
    except IntegrityError:
        return
    assert canonical_json(found) != canonical_json(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b' {"a":1}',
        b'{"a":1}\n',
        b'"\\u0061"',
        b'"\\/"',
        b"1.0e0",
        b"1E400",
        b"-0.00",
        b'"\\ud800"',
    ],
)
def test_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError, match="it is not canonically encoded") as caught:
        read_canonical(data, "it")
    assert caught.value.code == "non-canonical"


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"\xef\xbb\xbf1", b'{"a":1,"a":1}', b"[" * 100_000, b"1 2", b"9" * 5_000])
def test_what_is_not_json_is_refused(data: bytes) -> None:
    for read in (read_canonical, read_json):
        with pytest.raises(IntegrityError) as caught:
            read(data, "it")
        assert caught.value.code == "malformed"


def test_a_number_that_is_not_finite_has_no_encoding() -> None:
    for value in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match="not JSON compliant"):
            canonical_json(value)
    # Python reads these three, JSON has no such numbers.
    for data in (b"NaN", b"Infinity", b"-Infinity"):
        with pytest.raises(IntegrityError):
            read_canonical(data, "it")


def test_characters_are_written_as_they_are_and_keys_by_code_point() -> None:
    assert canonical_json({"é": "ü", "z": 1, "Z": [True, None]}) == '{"Z":[true,null],"z":1,"é":"ü"}'.encode()


def test_plain_reading_takes_any_spelling() -> None:
    assert read_json(b' { "b" : 1.0e0 } ', "it") == json.loads('{"b": 1.0}')


@given(st.binary(max_size=60))
def test_base64_there_and_back(data: bytes) -> None:
    assert read_base64(base64_text(data), "it") == data


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("QQ", "malformed"),
        ("Q===", "malformed"),
        ("QQ==\n", "malformed"),
        ("Q Q=", "malformed"),
        ("_-8=", "malformed"),
        ("QQ==é", "malformed"),
        ("QR==", "non-canonical"),
    ],
)
def test_another_base64_spelling_is_refused(text: str, code: str) -> None:
    with pytest.raises(IntegrityError, match=r"^it is not") as caught:
        read_base64(text, "it")
    assert caught.value.code == code

"""A digest has one spelling."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.digest import digest_bytes, digest_hex, parse_digest, sha256
from tetrapylon.kernel.errors import UsageError

GOOD = "sha256:" + "0a" * 32


def test_the_known_digest_of_abc() -> None:
    # FIPS 180-4, SHA-256 example for the message "abc".
    assert sha256(b"abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.binary(max_size=200))
def test_text_hex_and_bytes_are_the_same_digest(data: bytes) -> None:
    digest = sha256(data)
    assert parse_digest(digest) == digest
    assert digest_bytes(digest) == hashlib.sha256(data).digest() == bytes.fromhex(digest_hex(digest))


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD[7:],
        GOOD.upper(),
        GOOD[:-1],
        GOOD + "0",
        GOOD + "\n",
        " " + GOOD,
        GOOD.replace("0a", "0g"),
        GOOD.replace("sha256", "sha512"),
    ],
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a digest"):
        parse_digest(text)


def test_a_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(UsageError) as caught:
        parse_digest("x" * 10_000)
    assert len(caught.value.message) < 120

"""ML-DSA-44 at its edges: bounds, hints, contexts, lengths, and its arithmetic against the standard's words.

With t1 = 0 the challenge drops out of the equation, so a signature with any response and any hint can be made without a
private key, and exactly one rule at a time can be broken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.native import check_native
from tetrapylon.evidence.scheme import check_pure
from tetrapylon.evidence.schemes.ml_dsa_44 import (
    _mldsa_commitment,
    _mldsa_high,
    _mldsa_inverse,
    _mldsa_key,
    _mldsa_ntt,
    verify_ml_dsa_44,
)

MESSAGE = b"a statement"
MLDSA_Q, MLDSA_GAMMA1, MLDSA_GAMMA2 = 8380417, 1 << 17, 8380416 // 88
MLDSA_LARGEST = MLDSA_GAMMA1 - 78 - 1


def agreed(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Return what both checkers say, which must be the same."""
    first, second = check_pure(key, message, signature), check_native(key, message, signature)
    assert first == second
    return first


HOLLOW = PublicKey("ml-dsa-44", bytes(range(32)) + bytes(1280))


def responses(value: int) -> list[list[int]]:
    random = Random(7)
    rows = [[random.randint(-MLDSA_LARGEST, MLDSA_LARGEST) for _ in range(256)] for _ in range(4)]
    rows[2][255] = value
    return rows


def spelled(hint: Sequence[Sequence[int]]) -> bytes:
    places = [at for row in hint for at in row]
    ends = [sum(map(len, hint[: row + 1])) for row in range(4)]
    return bytes(places) + bytes(80 - len(places)) + bytes(ends)


def hollow(response: list[list[int]], hint: Sequence[Sequence[int]], spelling: bytes | None = None, public: bytes = HOLLOW.public) -> bytes:
    """Return a signature of the hollow key that satisfies the equation; the hint may be spelled otherwise."""
    rows = _mldsa_commitment(_mldsa_key(public), bytes(32), response)
    high = b"".join(_mldsa_high(row, marks) for row, marks in zip(rows, hint, strict=True))
    mixed = hashlib.shake_256(hashlib.shake_256(public).digest(64) + b"\x00\x00" + MESSAGE).digest(64)
    packed = [sum((MLDSA_GAMMA1 - each) << 18 * at for at, each in enumerate(row)).to_bytes(576, "little") for row in response]
    return hashlib.shake_256(mixed + high).digest(32) + b"".join(packed) + (spelled(hint) if spelling is None else spelling)


NO_HINT: list[list[int]] = [[], [], [], []]


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        (0, True),
        (MLDSA_LARGEST, True),
        (-MLDSA_LARGEST, True),
        (MLDSA_LARGEST + 1, False),
        (-MLDSA_LARGEST - 1, False),
        (MLDSA_GAMMA1, False),
        (1 - MLDSA_GAMMA1, False),
    ],
)
def test_the_response_is_bounded(value: int, *, valid: bool) -> None:
    assert agreed(HOLLOW, MESSAGE, hollow(responses(value), NO_HINT)) is valid


@pytest.mark.parametrize(
    "hint",
    [
        NO_HINT,
        [[0], [], [255], []],
        [[*range(80)], [], [], []],
        [[], [], [], [*range(100, 180)]],
        [[*range(20)], [*range(20, 40)], [*range(236, 256)], [*range(0, 40, 2)]],
    ],
)
def test_up_to_eighty_hints(hint: list[list[int]]) -> None:
    assert agreed(HOLLOW, MESSAGE, hollow(responses(1), hint))


@pytest.mark.parametrize(
    ("hint", "spelling"),
    [
        ([[3, 5], [], [], []], bytes((5, 3)) + bytes(78) + bytes((2, 2, 2, 2))),
        ([[3], [], [], []], bytes((3, 3)) + bytes(78) + bytes((2, 2, 2, 2))),
        ([[3], [], [], []], bytes((3, 0, 1)) + bytes(77) + bytes((1, 1, 1, 1))),
        ([[3], [], [], []], bytes((3,)) + bytes(78) + b"\x01" + bytes((1, 1, 1, 1))),
        ([[3], [], [], []], bytes((3,)) + bytes(79) + bytes((1, 0, 0, 1))),
        ([[3], [], [], []], bytes((3,)) + bytes(79) + bytes((1, 1, 1, 0))),
        ([[3], [], [], [3]], bytes((3,)) + bytes(79) + bytes((1, 0, 0, 1))),
        ([[*range(80)], [], [], []], bytes(range(80)) + bytes((80, 80, 80, 81))),
        ([[*range(80)], [], [], []], bytes(range(80)) + bytes((81, 81, 81, 81))),
        ([[*range(80)], [], [], []], bytes(range(80)) + bytes((80, 80, 80, 255))),
    ],
)
def test_a_hint_has_one_spelling(hint: list[list[int]], spelling: bytes) -> None:
    assert agreed(HOLLOW, MESSAGE, hollow(responses(1), hint))
    assert not agreed(HOLLOW, MESSAGE, hollow(responses(1), hint, spelling))


def test_a_place_is_marked_once() -> None:
    assert not agreed(HOLLOW, MESSAGE, hollow(responses(1), [[3, 3], [], [], []]))


def test_a_signature_under_a_context_is_another_one() -> None:
    private = MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    key = PublicKey("ml-dsa-44", private.public_key().public_bytes_raw())
    assert agreed(key, MESSAGE, private.sign(MESSAGE))
    assert not agreed(key, MESSAGE, private.sign(MESSAGE, b"context"))


@pytest.mark.parametrize("length", [0, 2419, 2421])
def test_lengths_are_exact(length: int) -> None:
    private = MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    key, signature = PublicKey("ml-dsa-44", private.public_key().public_bytes_raw()), private.sign(MESSAGE)
    assert not agreed(key, MESSAGE, (signature + b"\x00")[:length])


def test_a_shorter_key_is_no_key() -> None:
    short = HOLLOW.public[:-1]
    assert verify_ml_dsa_44(HOLLOW.public, MESSAGE, hollow(responses(1), NO_HINT))
    assert not verify_ml_dsa_44(short, MESSAGE, hollow(responses(1), NO_HINT, public=short))


def use_hint(number: int, *, marked: bool) -> int:
    """Return FIPS 204's UseHint (algorithms 36 and 40), word for word."""
    low = number % (2 * MLDSA_GAMMA2)
    low = low - 2 * MLDSA_GAMMA2 if low > MLDSA_GAMMA2 else low
    high, low = (0, low - 1) if number - low == MLDSA_Q - 1 else ((number - low) // (2 * MLDSA_GAMMA2), low)
    return (high + (1 if low > 0 else -1)) % 44 if marked else high


AROUND = sorted({(each * MLDSA_GAMMA2 + shift) % MLDSA_Q for each in range(89) for shift in (-1, 0, 1)})


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(AROUND), st.integers(0, MLDSA_Q - 1)), min_size=256, max_size=256), st.sets(st.integers(0, 255)))
def test_high_bits_are_those_of_the_standard(polynomial: list[int], marks: set[int]) -> None:
    packed = int.from_bytes(_mldsa_high(polynomial, sorted(marks)), "little")
    assert [packed >> 6 * at & 63 for at in range(256)] == [use_hint(each, marked=at in marks) for at, each in enumerate(polynomial)]


def test_the_transform_multiplies() -> None:
    random = Random(11)
    first, second = ([random.randrange(MLDSA_Q) for _ in range(256)] for _ in range(2))
    product = [0] * 512
    for at, a in enumerate(first):
        for to, b in enumerate(second):
            product[at + to] += a * b
    wanted = [(product[at] - product[at + 256]) % MLDSA_Q for at in range(256)]
    assert _mldsa_inverse([a * b for a, b in zip(_mldsa_ntt(first), _mldsa_ntt(second), strict=True)]) == wanted

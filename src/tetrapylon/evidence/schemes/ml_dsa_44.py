"""ML-DSA-44, pure and with the empty context, checked with the standard library alone.

What it does: FIPS 204's verification, from the strict encoding of the hint to the comparison of the challenge. What
depends on the key alone (the matrix, the transformed t1, the key's hash) is kept for the keys seen last.
Why it matters: the log's checkpoints carry a second line that holds even against a quantum computer, and a customer
can check it with nothing but Python.
Polynomials are lists of 256 integers modulo q, 0 <= each < q unless said otherwise.

>>> verify_ml_dsa_44(bytes(1312), b"a message", bytes(2420))
False

Source: FIPS 204, algorithms 3, 8, 21, 27, 29, 30, 32, 40 to 42; parameters from its table 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_MLDSA_Q = 8380417
_MLDSA_ROWS = 4
"""k and l: the matrix is square in this parameter set."""

_MLDSA_DROPPED = 13
_MLDSA_ONES = 39
_MLDSA_GAMMA1 = 1 << 17
_MLDSA_GAMMA2 = (_MLDSA_Q - 1) // 88
_MLDSA_BETA = 78
_MLDSA_OMEGA = 80
_MLDSA_PUBLIC_BYTES = 1312
_MLDSA_SIGNATURE_BYTES = 2420

MldsaPolynomial = list[int]


def _mldsa_zetas() -> tuple[int, ...]:
    """Return the powers of the 512th root of unity 1753 in bit-reversed order."""
    return tuple(pow(1753, int(f"{each:08b}"[::-1], 2), _MLDSA_Q) for each in range(256))


_MLDSA_ZETAS = _mldsa_zetas()


@dataclass(frozen=True, slots=True)
class MldsaKey:
    """What verification needs of a public key."""

    matrix: tuple[tuple[MldsaPolynomial, ...], ...]
    shifted: tuple[MldsaPolynomial, ...]
    """t1 * 2^d, transformed."""

    digest: bytes


def verify_ml_dsa_44(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the 2,420-byte signature over the message is the key's (1,312 bytes)."""
    if len(public) != _MLDSA_PUBLIC_BYTES or len(signature) != _MLDSA_SIGNATURE_BYTES:
        return False
    challenge, hint = signature[:32], _mldsa_hint(signature[-_MLDSA_OMEGA - _MLDSA_ROWS :])
    response = [_mldsa_response(signature[at : at + 576]) for at in range(32, 32 + 576 * _MLDSA_ROWS, 576)]
    if hint is None or max(abs(each) for row in response for each in row) >= _MLDSA_GAMMA1 - _MLDSA_BETA:
        return False
    key = _mldsa_key(public)
    mixed = hashlib.shake_256(key.digest + b"\x00\x00" + message).digest(64)
    high = b"".join(_mldsa_high(row, marks) for row, marks in zip(_mldsa_commitment(key, challenge, response), hint, strict=True))
    return hashlib.shake_256(mixed + high).digest(32) == challenge


@lru_cache(maxsize=16)
def _mldsa_key(public: bytes) -> MldsaKey:
    rows = range(_MLDSA_ROWS)
    matrix = tuple(tuple(_mldsa_uniform(public[:32] + bytes((column, row))) for column in rows) for row in rows)
    shifted = (
        _mldsa_ntt([each << _MLDSA_DROPPED for each in _mldsa_unpack(public[at : at + 320], 10)]) for at in range(32, len(public), 320)
    )
    return MldsaKey(matrix, tuple(shifted), hashlib.shake_256(public).digest(64))


def _mldsa_commitment(key: MldsaKey, challenge: bytes, response: Sequence[MldsaPolynomial]) -> list[MldsaPolynomial]:
    """Return A*z - c*t1*2^d, a vector of polynomials."""
    ball = _mldsa_ntt(_mldsa_ball(challenge))
    columns = [_mldsa_ntt(each) for each in response]
    found = []
    for row, shifted in zip(key.matrix, key.shifted, strict=True):
        terms = zip(*row, *columns, ball, shifted, strict=True)
        found.append(_mldsa_inverse([a * s + b * t + c * u + d * v - e * w for a, b, c, d, s, t, u, v, e, w in terms]))
    return found


def _mldsa_unpack(data: bytes, width: int) -> MldsaPolynomial:
    """Return 256 unsigned integers of so many bits, the first in the lowest bits."""
    number, mask = int.from_bytes(data, "little"), (1 << width) - 1
    return [number >> at & mask for at in range(0, 256 * width, width)]


def _mldsa_response(data: bytes) -> MldsaPolynomial:
    """Return one polynomial of z, with signs."""
    return [_MLDSA_GAMMA1 - each for each in _mldsa_unpack(data, 18)]


def _mldsa_hint(data: bytes) -> list[list[int]] | None:
    """Return the marked places of each row, or None if they are not spelled in the one way (algorithm 21)."""
    places, ends = data[:_MLDSA_OMEGA], data[_MLDSA_OMEGA:]
    hint, start = [], 0
    for end in ends:
        row = list(places[start:end])
        if not start <= end <= _MLDSA_OMEGA or row != sorted(set(row)):
            return None
        hint.append(row)
        start = end
    return None if any(places[start:]) else hint


def _mldsa_high(polynomial: MldsaPolynomial, marks: Sequence[int]) -> bytes:
    """Return the high bits as the hint corrects them, packed to 6 bits each (algorithms 28 and 40)."""
    high = [(each + _MLDSA_GAMMA2 - 1) // (2 * _MLDSA_GAMMA2) % 44 for each in polynomial]
    for at in marks:
        low = polynomial[at] - high[at] * 2 * _MLDSA_GAMMA2
        # Close below q, the high bits wrap to 0, and the low part is negative though the difference is not.
        high[at] = (high[at] + (1 if 0 < low <= _MLDSA_GAMMA2 else -1)) % 44
    return sum(each << 6 * at for at, each in enumerate(high)).to_bytes(192, "little")


def _mldsa_ball(seed: bytes) -> MldsaPolynomial:
    """Return the challenge: 39 coefficients are 1 or -1, the others 0 (algorithm 29)."""
    # Two blocks: that more than 225 of these bytes are rejected has a probability below 2^-400.
    stream = hashlib.shake_256(seed).digest(272)
    signs, places = int.from_bytes(stream[:8], "little"), iter(stream[8:])
    ball = [0] * 256
    for at in range(256 - _MLDSA_ONES, 256):
        place = next(each for each in places if each <= at)
        ball[at], ball[place] = ball[place], 1 - 2 * (signs & 1)
        signs >>= 1
    return ball


def _mldsa_uniform(seed: bytes) -> MldsaPolynomial:
    """Return a uniform polynomial of the matrix, already transformed (algorithm 30)."""
    # 336 candidates for 256 places, each rejected with probability 1/1024: too few has a probability below 2^-400.
    stream = hashlib.shake_128(seed).digest(1008)
    drawn = (int.from_bytes(stream[at : at + 3], "little") & 0x7FFFFF for at in range(0, len(stream), 3))
    return [each for each in drawn if each < _MLDSA_Q][:256]


def _mldsa_ntt(polynomial: Sequence[int]) -> MldsaPolynomial:
    """Return the transformed polynomial (algorithm 41); the coefficients may have any sign."""
    w, width, k = list(polynomial), 128, 0
    while width:
        for start in range(0, 256, 2 * width):
            k += 1
            zeta, middle, stop = _MLDSA_ZETAS[k], start + width, start + 2 * width
            low, high = w[start:middle], [zeta * each % _MLDSA_Q for each in w[middle:stop]]
            w[start:middle] = [a + b for a, b in zip(low, high, strict=True)]
            w[middle:stop] = [a - b for a, b in zip(low, high, strict=True)]
        width //= 2
    return w


def _mldsa_inverse(polynomial: Sequence[int]) -> MldsaPolynomial:
    """Return the polynomial whose transform this is (algorithm 42)."""
    w, width, k = [each % _MLDSA_Q for each in polynomial], 1, 256
    while width < 256:  # noqa: PLR2004
        for start in range(0, 256, 2 * width):
            k -= 1
            zeta, middle, stop = -_MLDSA_ZETAS[k], start + width, start + 2 * width
            low, high = w[start:middle], w[middle:stop]
            w[start:middle] = [a + b for a, b in zip(low, high, strict=True)]
            w[middle:stop] = [zeta * (a - b) % _MLDSA_Q for a, b in zip(low, high, strict=True)]
        width *= 2
    return [each * 8347681 % _MLDSA_Q for each in w]  # 8347681 = 1/256

r"""ECDSA on P-256 with SHA-256, checked with the standard library alone.

What it does: reads a strict DER signature (minimal integers, nothing behind them), demands 1 <= r, s < n and a public
key on the curve, and evaluates the verification equation with tables of multiples, one table for each key, so that a
further signature of a known key costs some 75 point additions and no doubling.
Why it matters: a customer can check every statement of a passport with nothing but Python.
Low-s is not demanded here: people's SSH keys sign with either s. Where one spelling is demanded, ask `is_low_s`.
Nothing here is secret, so nothing here runs in constant time.

>>> verify_ecdsa_p256(b"\x04" + bytes(64), b"a message", b"")  # neither a point of the curve nor a signature
False

Source: FIPS 186-5 section 6.4.2; SEC 1 sections 2.3 and 4.1.4; explicit formulas `dbl-2001-b` and `madd` of the EFD.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

_P256_FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
_P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_P256_GENERATOR = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_P256_WINDOW = 7
_P256_WINDOWS = -(-257 // _P256_WINDOW)
"""A scalar is cut into so many signed digits of so many bits; a table has half a window of multiples for each digit."""

P256_KEYS = 64
"""For how many keys a table is kept (0.4 MB each)."""

P256Point = tuple[int, int]
"""An affine point; the point at infinity has no such form."""

P256Table = tuple[tuple[P256Point, ...], ...]
"""`table[i][j]` is (j + 1) * 2^(7i) times the point."""


def verify_ecdsa_p256(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the DER signature over the message is the key's (an uncompressed point of 65 bytes)."""
    pair = _p256_pair(signature)
    table = _p256_table(public)
    if pair is None or table is None:
        return False
    r, s = pair
    inverse = pow(s, -1, _P256_N)
    first = int.from_bytes(hashlib.sha256(message).digest(), "big") * inverse % _P256_N
    second = r * inverse % _P256_N
    x, _, z = _p256_sum([*_p256_multiples(_p256_generator(), first), *_p256_multiples(table, second)])
    # r is the x-coordinate modulo n, which is a little smaller than the field; comparing needs no division.
    return z != 0 and any((each * z * z - x) % _P256_FIELD == 0 for each in (r, r + _P256_N) if each < _P256_FIELD)


def is_low_s(signature: bytes) -> bool:
    """Return whether the DER signature has the smaller of its two equivalent `s`, as one spelling demands."""
    pair = _p256_pair(signature)
    return pair is not None and pair[1] <= _P256_N // 2


def _p256_pair(signature: bytes) -> tuple[int, int] | None:
    """Return r and s, or None if the signature is not strict DER or they are out of range."""
    if len(signature) < 8 or signature[0] != 0x30 or signature[1] != len(signature) - 2:  # noqa: PLR2004 - two empty integers
        return None
    at = 4 + signature[3]
    r, s = _p256_integer(signature[2:at]), _p256_integer(signature[at:])
    return (r, s) if 0 < r < _P256_N and 0 < s < _P256_N else None


def _p256_integer(der: bytes) -> int:
    """Return the positive integer that is spelled in DER and fills the bytes, or 0 for anything else."""
    number = int.from_bytes(der[2:], "big", signed=True)
    size = number.bit_length() // 8 + 1
    return number if number > 0 and der[:2] == bytes((0x02, size)) and len(der) == size + 2 else 0


@lru_cache(maxsize=P256_KEYS)
def _p256_table(public: bytes) -> P256Table | None:
    """Return the multiples of the key's point, or None if it is no point of the curve."""
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    if len(public) != 65 or public[0] != 4 or max(x, y) >= _P256_FIELD:  # noqa: PLR2004 - SEC 1: 4, x, y
        return None
    return None if (y * y - x * x * x + 3 * x - _P256_B) % _P256_FIELD else _p256_build(x, y)


@lru_cache(maxsize=1)
def _p256_generator() -> P256Table:
    return _p256_build(*_P256_GENERATOR)


def _p256_build(x: int, y: int) -> P256Table:
    bases = _p256_bases(x, y)
    rows = [bases, _p256_add_each(bases, bases)]
    while len(rows) < 1 << (_P256_WINDOW - 1):
        rows.append(_p256_add_each(rows[-1], bases))
    return tuple(zip(*rows, strict=True))


def _p256_bases(x: int, y: int) -> list[P256Point]:
    """Return the point times 1, 2^7, 2^14, and so on."""
    jacobian = [(x, y, 1)]
    for _ in range(_P256_WINDOWS - 1):
        x, y, z = jacobian[-1]
        for _ in range(_P256_WINDOW):
            x, y, z = _p256_double(x, y, z)
        jacobian.append((x, y, z))
    inverses = _p256_inverses([z for _, _, z in jacobian])
    return [(x * i * i % _P256_FIELD, y * i * i * i % _P256_FIELD) for (x, y, _), i in zip(jacobian, inverses, strict=True)]


def _p256_add_each(points: Sequence[P256Point], others: Sequence[P256Point]) -> list[P256Point]:
    """Return the sums pair by pair, with one division for all; a pair is one point twice, or two that are not inverse."""
    field = _P256_FIELD
    same = points is others
    inverses = _p256_inverses([2 * y if same else u - x for (x, y), (u, _) in zip(points, others, strict=True)])
    sums = []
    for (x, y), (u, v), inverse in zip(points, others, inverses, strict=True):
        slope = (3 * (x * x - 1) if same else v - y) * inverse % field
        there = (slope * slope - x - u) % field
        sums.append((there, (slope * (x - there) - y) % field))
    return sums


def _p256_inverses(values: Sequence[int]) -> list[int]:
    """Return the inverses of values that are not 0 (Montgomery's trick)."""
    products = [1]
    for each in values:
        products.append(products[-1] * each % _P256_FIELD)
    inverse = pow(products.pop(), -1, _P256_FIELD)
    found = []
    for each, before in zip(reversed(values), reversed(products), strict=True):
        found.append(inverse * before % _P256_FIELD)
        inverse = inverse * each % _P256_FIELD
    return found[::-1]


def _p256_multiples(table: P256Table, scalar: int) -> Iterator[P256Point]:
    """Yield the points of the table whose sum is the scalar times the table's point."""
    full, half = 1 << _P256_WINDOW, 1 << (_P256_WINDOW - 1)
    for row in table:
        digit = scalar & (full - 1)
        scalar >>= _P256_WINDOW
        if digit > half:
            x, y = row[full - digit - 1]
            scalar += 1
            yield x, _P256_FIELD - y
        elif digit:
            yield row[digit - 1]


def _p256_sum(points: Iterable[P256Point]) -> tuple[int, int, int]:
    """Return the sum in Jacobian coordinates; z is 0 for the point at infinity."""
    field = _P256_FIELD
    x = y = z = 0
    for u, v in points:
        square = z * z % field
        h = u * square % field - x
        r = v * (z * square % field) % field - y
        if z == 0:
            x, y, z = u, v, 1
        elif h:
            hh = h * h % field
            hhh = h * hh % field
            q = x * hh % field
            x = (r * r - hhh - 2 * q) % field
            y = (r * (q - x) - y * hhh) % field
            z = z * h % field
        elif r:
            x = y = z = 0
        else:
            x, y, z = _p256_double(x, y, z)
    return x, y, z


def _p256_double(x: int, y: int, z: int) -> tuple[int, int, int]:
    """Return twice a point other than infinity, in Jacobian coordinates."""
    field = _P256_FIELD
    delta, gamma = z * z % field, y * y % field
    beta, alpha = x * gamma % field, 3 * (x - delta) * (x + delta) % field
    there = (alpha * alpha - 8 * beta) % field
    return there, (alpha * (4 * beta - there) - 8 * gamma * gamma) % field, 2 * y * z % field

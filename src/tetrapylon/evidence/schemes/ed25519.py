r"""Ed25519, checked with the standard library alone.

What it does: recomputes R = [S]B - [k]A and compares its encoding with the signature's, so only the canonical R is
accepted (RFC 8032 without the cofactor, as OpenSSL does it); S must be smaller than the group order.
Why it matters: a customer can check the log's checkpoints and people's SSH signatures with nothing but Python.
Stricter than OpenSSL in one respect, so that a key has one spelling and a signature means one message: a public key
that is not canonically encoded, or whose point has small order, is no key (`is_sound_ed25519_key`). The fast twin,
`evidence/native.py`, asks the same question first, so that both always agree.
Nothing here is secret, so nothing here runs in constant time.

>>> is_sound_ed25519_key(b"\x01" + bytes(31))  # the neutral element: it would "sign" every message
False

Source: RFC 8032 sections 5.1 and 5.1.7; Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs" (2020).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

_ED25519_FIELD = 2**255 - 19
_ED25519_L = 2**252 + 27742317777372353535851937790883648493
_ED25519_D = 0x52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3
_ED25519_ROOT = 0x2B8324804FC1DF0B2B4D00993DFBD7A72F431806AD2FE478C4EE1B274A0EA0B0
"""A square root of -1."""

_ED25519_BASE = (
    0x216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A,
    0x6666666666666666666666666666666666666666666666666666666666666658,
)

Ed25519Point = tuple[int, int, int, int]
"""A point in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z."""

_ED25519_NEUTRAL: Ed25519Point = (0, 1, 1, 0)


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the 64-byte signature over the message is the key's (32 bytes)."""
    point = _ed25519_point(public)
    scalar = int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or scalar >= _ED25519_L:  # noqa: PLR2004
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _ED25519_L
    x, y, z, t = point
    found = _ed25519_combine(scalar, challenge, (_ED25519_FIELD - x, y, z, _ED25519_FIELD - t))
    return _ed25519_bytes(found) == signature[:32]


def is_sound_ed25519_key(public: bytes) -> bool:
    """Return whether the 32 bytes are the one spelling of a point whose order is not small."""
    return _ed25519_point(public) is not None


@lru_cache(maxsize=64)
def _ed25519_point(public: bytes) -> Ed25519Point | None:
    number = int.from_bytes(public, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(public) != 32 or y >= _ED25519_FIELD:  # noqa: PLR2004
        return None
    x = _ed25519_x(y, sign)
    point = None if x is None else (x, y, 1, x * y % _ED25519_FIELD)
    return None if point is None or _ed25519_is_small(point) else point


def _ed25519_x(y: int, sign: int) -> int | None:
    """Return the x-coordinate with this lowest bit, or None if there is none (RFC 8032 section 5.1.3).

    That 0 has no sign need not be asked: both points with this x have small order.
    """
    field = _ED25519_FIELD
    u, v = (y * y - 1) % field, (_ED25519_D * y * y + 1) % field
    x = u * pow(v, 3, field) * pow(u * pow(v, 7, field), (field - 5) // 8, field) % field
    if (v * x * x + u) % field == 0:
        x = x * _ED25519_ROOT % field
    if (v * x * x - u) % field:
        return None
    return x if x & 1 == sign else field - x


def _ed25519_is_small(point: Ed25519Point) -> bool:
    """Return whether eight times the point is the neutral element."""
    for _ in range(3):
        point = _ed25519_double(point)
    return point[0] == 0 and point[1] == point[2]


def _ed25519_combine(first: int, second: int, other: Ed25519Point) -> Ed25519Point:
    """Return `first` times the base point plus `second` times the other, both bit by bit at once."""
    x, y = _ED25519_BASE
    base = (x, y, 1, x * y % _ED25519_FIELD)
    choice = (_ED25519_NEUTRAL, base, other, _ed25519_add(base, other))
    total = _ED25519_NEUTRAL
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        total = _ed25519_double(total)
        chosen = (first >> bit & 1) + 2 * (second >> bit & 1)
        if chosen:
            total = _ed25519_add(total, choice[chosen])
    return total


def _ed25519_add(one: Ed25519Point, two: Ed25519Point) -> Ed25519Point:
    """Return the sum; the formula holds for every pair of points (RFC 8032 section 5.1.4)."""
    field = _ED25519_FIELD
    (x, y, z, t), (u, v, w, s) = one, two
    a, b = (y - x) * (v - u) % field, (y + x) * (v + u) % field
    c, d = 2 * t * s % field * _ED25519_D % field, 2 * z * w % field
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % field, g * h % field, f * g % field, e * h % field


def _ed25519_double(point: Ed25519Point) -> Ed25519Point:
    field = _ED25519_FIELD
    x, y, z, _ = point
    a, b = x * x % field, y * y % field
    h, g = a + b, a - b
    e, f = h - (x + y) * (x + y) % field, 2 * z * z % field + g
    return e * f % field, g * h % field, f * g % field, e * h % field


def _ed25519_bytes(point: Ed25519Point) -> bytes:
    """Return the one encoding of the point."""
    inverse = pow(point[2], -1, _ED25519_FIELD)
    x, y = point[0] * inverse % _ED25519_FIELD, point[1] * inverse % _ED25519_FIELD
    return (y | (x & 1) << 255).to_bytes(32, "little")

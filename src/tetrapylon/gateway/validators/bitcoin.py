"""Bitcoin addresses of the older forms: Base58 with four bytes of checksum."""

from __future__ import annotations

import hashlib

GOOD = ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",)
BAD = ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "1")

_SIGNS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def check(text: str) -> bool:
    """Return whether the text is such an address."""
    number = 0
    for each in text:
        if each not in _SIGNS:
            return False
        number = number * 58 + _SIGNS.index(each)
    if number >= 1 << 200:
        return False
    data = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(data[:21]).digest()).digest()[:4] == data[21:]

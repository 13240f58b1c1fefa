"""Aadhaar numbers of India: twelve digits, the checksum of Verhoeff."""

from __future__ import annotations

GOOD = ("2341 2341 2346",)
BAD = ("2345 6789 0123", "1111 1111 1111")


def _product(left: int, right: int) -> int:
    """Return the product in the dihedral group of ten elements."""
    if left < 5:
        return (left + right) % 5 + (5 if right >= 5 else 0)
    return (left - right) % 5 + (0 if right >= 5 else 5)


def _permuted(digit: int, times: int) -> int:
    for _ in range(times % 8):
        digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
    return digit


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 12 or digits[0] < 2:
        return False
    sum_ = 0
    for place, each in enumerate(reversed(digits)):
        sum_ = _product(sum_, _permuted(each, place))
    return sum_ == 0

"""Birth numbers of Norway: two check digits by 11."""

from __future__ import annotations

GOOD = ("05109803253", "09028138919")
BAD = ("01010012345", "01130012345")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 11 or not 1 <= digits[2] * 10 + digits[3] <= 12:
        return False
    first = -sum(each * weight for each, weight in zip(digits[:9], (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11
    second = -sum(each * weight for each, weight in zip(digits[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return (first, second) == (digits[9], digits[10])

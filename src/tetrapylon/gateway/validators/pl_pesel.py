"""PESEL numbers of Poland: eleven digits with weights 1, 3, 7, 9."""

from __future__ import annotations

GOOD = ("44051401359", "PESEL 02070803628")
BAD = ("44051401358", "00000000000")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 11 or len(set(digits)) < 3 or digits[2] % 2 * 10 + digits[3] > 12:
        return False
    return sum(each * (1, 3, 7, 9)[place % 4] for place, each in enumerate(digits[:10])) % 10 == (10 - digits[10]) % 10

"""NHS numbers of the United Kingdom: ten digits, remainder by 11."""

from __future__ import annotations

GOOD = ("943 476 5919", "NHS number 9434765919")
BAD = ("943 476 5918", "1111111111")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 10 or len(set(digits)) < 3:
        return False
    left = 11 - sum(each * (10 - place) for place, each in enumerate(digits[:9])) % 11
    return digits[9] == (0 if left == 11 else left)

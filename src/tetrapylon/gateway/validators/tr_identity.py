"""Identity numbers of Turkey: two check digits."""

from __future__ import annotations

GOOD = ("10000000146",)
BAD = ("10000000147", "00000000000")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 11 or digits[0] == 0:
        return False
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10

"""Tax numbers of Portugal: nine digits, remainder by 11."""

from __future__ import annotations

GOOD = ("NIF 123456789", "501442600")
BAD = ("123456780", "111111111")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 9 or len(set(digits)) < 3:
        return False
    left = 11 - sum(each * (9 - place) for place, each in enumerate(digits[:8])) % 11
    return digits[8] == (0 if left >= 10 else left)

"""Bank routing numbers of the United States: nine digits with weights 3, 7, 1."""

from __future__ import annotations

GOOD = ("011401533", "routing number 091000019")
BAD = ("011401534", "999999999")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 9 or digits[:2] > [3, 2] or not any(digits):
        return False
    return sum(each * (3, 7, 1)[place % 3] for place, each in enumerate(digits)) % 10 == 0

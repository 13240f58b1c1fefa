"""Social insurance numbers of Canada: nine digits, the Luhn checksum."""

from __future__ import annotations

GOOD = ("130 692 544",)
BAD = ("130 692 545", "000 000 000")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 9 or digits[0] in {0, 8} or len(set(digits)) < 3:
        return False
    return sum(sum(divmod(each * (1 + place % 2), 10)) for place, each in enumerate(digits)) % 10 == 0

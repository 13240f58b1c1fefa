"""Personal identity numbers of Sweden: a date and the Luhn checksum over ten digits."""

from __future__ import annotations

GOOD = ("811218-9876", "19811218-9876")
BAD = ("811218-9875", "811318-9876")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()][-10:]
    if len(digits) != 10 or not 1 <= digits[2] * 10 + digits[3] <= 12 or not 1 <= digits[4] * 10 + digits[5] <= 31:
        return False
    return sum(sum(divmod(each * (2 - place % 2), 10)) for place, each in enumerate(digits)) % 10 == 0

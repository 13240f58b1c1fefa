"""Card numbers: the Luhn checksum over 13 to 19 digits."""

from __future__ import annotations

GOOD = ("4111 1111 1111 1111", "5500-0055-5555-5559", "378282246310005")
BAD = ("4111 1111 1111 1112", "0000000000000000", "1234")


def check(text: str) -> bool:
    """Return whether the digits in the text make a card number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 2:
        return False
    doubled = (each * 2 if place % 2 else each for place, each in enumerate(reversed(digits)))
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0

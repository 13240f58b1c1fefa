"""Identity numbers of South Africa: a date and the Luhn checksum over thirteen digits."""

from __future__ import annotations

GOOD = ("8001015009087",)
BAD = ("8001015009086", "8013015009087")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 13 or not 1 <= digits[2] * 10 + digits[3] <= 12 or not 1 <= digits[4] * 10 + digits[5] <= 31:
        return False
    return sum(sum(divmod(each * (1 + place % 2), 10)) for place, each in enumerate(digits)) % 10 == 0

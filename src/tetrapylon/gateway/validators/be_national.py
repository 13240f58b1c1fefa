"""National register numbers of Belgium: eleven digits, remainder by 97."""

from __future__ import annotations

GOOD = ("85.07.30-033.28", "93.05.18-223.61")
BAD = ("85.07.30-033.29", "85.13.30-033.28")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number, of whoever was born before or after 2000."""
    digits = "".join(each for each in text if each.isdecimal())
    if len(digits) != 11 or digits[2:4] > "12" or digits[4:6] > "31":
        return False
    return int(digits[9:]) in {97 - int(digits[:9]) % 97, 97 - int("2" + digits[:9]) % 97}

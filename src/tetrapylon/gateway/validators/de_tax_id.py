"""Tax identification numbers of Germany: eleven digits, ISO 7064 MOD 11,10."""

from __future__ import annotations

GOOD = ("86095742719", "Steuer-ID 47 036 892 816")
BAD = ("86095742718", "00000000000", "11111111111")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 11 or digits[0] == 0 or not 7 <= len(set(digits[:10])) <= 9:
        return False
    product = 10
    for each in digits[:10]:
        product = ((each + product) % 10 or 10) * 2 % 11
    return digits[10] == (11 - product) % 10

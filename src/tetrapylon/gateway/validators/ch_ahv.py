"""Social security numbers of Switzerland: thirteen digits that begin with 756, checked as EAN-13."""

from __future__ import annotations

GOOD = ("756.9217.0769.85",)
BAD = ("756.9217.0769.84", "123.9217.0769.85")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 13 or digits[:3] != [7, 5, 6]:
        return False
    return sum(each * (3 if place % 2 else 1) for place, each in enumerate(digits)) % 10 == 0

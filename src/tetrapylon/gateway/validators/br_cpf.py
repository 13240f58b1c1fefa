"""CPF numbers of Brazil: two check digits by 11."""

from __future__ import annotations

GOOD = ("529.982.247-25", "11144477735")
BAD = ("529.982.247-24", "111.111.111-11")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    if len(digits) != 11 or len(set(digits)) < 2:
        return False
    return all(_digit(digits[:length]) == digits[length] for length in (9, 10))


def _digit(digits: list[int]) -> int:
    left = sum(each * (len(digits) + 1 - place) for place, each in enumerate(digits)) * 10 % 11
    return left % 10

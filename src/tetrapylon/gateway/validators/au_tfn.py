"""Tax file numbers of Australia: nine digits, remainder by 11."""

from __future__ import annotations

GOOD = ("123 456 782",)
BAD = ("123 456 789", "111 111 111")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    weights = (1, 4, 3, 7, 5, 8, 6, 9, 10)
    return len(digits) == 9 and len(set(digits)) > 2 and sum(each * weight for each, weight in zip(digits, weights, strict=True)) % 11 == 0

"""Citizen service numbers of the Netherlands: nine digits, the test by 11."""

from __future__ import annotations

GOOD = ("BSN 111222333", "123456782")
BAD = ("BSN 111222334", "000000000")


def check(text: str) -> bool:
    """Return whether the digits in the text make such a number."""
    digits = [int(each) for each in text if each.isdecimal()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(digits) == 9 and len(set(digits)) > 2 and sum(each * weight for each, weight in zip(digits, weights, strict=True)) % 11 == 0

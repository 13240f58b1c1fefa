"""Telephone numbers: eight to fifteen digits that are not made up for films and manuals."""

from __future__ import annotations

GOOD = ("+49 30 2093 6872", "+1 415 326 7781", "(212) 664-7665")
BAD = ("+1 212 555 0134", "+1 111 111 1111", "1234567890", "12345")

_FICTION = ("1555", "4416329", "4420794609", "491514", "15550")
"""Numbers that are kept free for stories and examples."""


def check(text: str) -> bool:
    """Return whether the digits in the text can be somebody's number."""
    digits = "".join(each for each in text if each.isdecimal())
    national = digits.removeprefix("1")[3:6] if len(digits) in {10, 11} else ""
    return 8 <= len(digits) <= 15 and len(set(digits)) > 3 and national != "555" and digits not in "01234567890123456789"

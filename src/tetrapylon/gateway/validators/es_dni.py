"""DNI and NIE numbers of Spain: the letter is the remainder by 23."""

from __future__ import annotations

GOOD = ("12345678Z", "X1234567L")
BAD = ("12345678A", "X1234567Z")

_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def check(text: str) -> bool:
    """Return whether the last nine letters and digits of the text are such a number."""
    number = "".join(each for each in text.upper() if each.isalnum())[-9:]
    digits = {"X": "0", "Y": "1", "Z": "2"}.get(number[:1], number[:1]) + number[1:8]
    return len(digits) == 8 and digits.isdecimal() and number[8:] == _LETTERS[int(digits) % 23]

"""Personal identity codes of Finland: the last character is the remainder by 31."""

from __future__ import annotations

GOOD = ("131052-308T", "010594Y9032")
BAD = ("131052-308S", "131352-308T")

_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def check(text: str) -> bool:
    """Return whether the last eleven characters of the text are such a code."""
    code = text.strip().upper()[-11:]
    digits = code[:6] + code[7:10]
    return len(code) == 11 and digits.isdecimal() and code[10] == _SIGNS[int(digits) % 31] and code[2:4] <= "12"

"""Fiscal codes of Italy: sixteen characters, the last one checks the others."""

from __future__ import annotations

GOOD = ("RSSMRA85T10A562S",)
BAD = ("RSSMRA85T10A562T", "ABCDEF85T10A562S")

_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)


def check(text: str) -> bool:
    """Return whether the last sixteen characters of the text are such a code."""
    code = text.upper()[-16:]
    if len(code) != 16 or any(each not in _ODD for each in code):
        return False
    odd = sum(_ODD[each] for each in code[0:15:2])
    even = sum(int(each, 36) if each.isdecimal() else ord(each) - ord("A") for each in code[1:15:2])
    return ord(code[15]) - ord("A") == (odd + even) % 26

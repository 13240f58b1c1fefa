"""Resident identity numbers of China: eighteen characters, ISO 7064 MOD 11-2."""

from __future__ import annotations

GOOD = ("11010519491231002X",)
BAD = ("110105194912310021", "110105194913310021")


def check(text: str) -> bool:
    """Return whether the last eighteen characters of the text are such a number."""
    number = text.strip().upper()[-18:]
    if len(number) != 18 or not number[:17].isdecimal() or not "1900" <= number[6:10] <= "2099" or not "01" <= number[10:12] <= "12":
        return False
    left = sum(int(each) * pow(2, 17 - place, 11) for place, each in enumerate(number[:17])) % 11
    return number[17] == "10X98765432"[left]

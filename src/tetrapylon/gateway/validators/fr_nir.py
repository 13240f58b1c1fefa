"""Social security numbers of France: thirteen characters and a key, remainder by 97."""

from __future__ import annotations

GOOD = ("2 55 08 14 168 025 38", "255081416802538")
BAD = ("2 55 08 14 168 025 39", "955081416802538")


def check(text: str) -> bool:
    """Return whether the text is such a number."""
    number = "".join(each for each in text.upper() if each.isalnum())[-15:]
    # Corsica: the letters stand for numbers.
    number = number.replace("2A", "19", 1) if number[5:7] == "2A" else number.replace("2B", "18", 1) if number[5:7] == "2B" else number
    if len(number) != 15 or not number.isdecimal() or number[0] not in "12":
        return False
    return int(number[13:]) == 97 - int(number[:13]) % 97

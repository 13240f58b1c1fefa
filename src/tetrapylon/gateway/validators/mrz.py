"""Machine-readable lines of passports and identity cards: check digits with weights 7, 3, 1 (ICAO 9303)."""

from __future__ import annotations

GOOD = ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "7408122F1204159UTO<<<<<<<<<<<6")
BAD = ("L898902C37UTO7408122F1204159ZE184226B<<<<<10", "7408123F1204159UTO<<<<<<<<<<<6")


def check(text: str) -> bool:
    """Return whether number, birth and expiry and all together have their check digits in the line that the text ends with."""
    line = text.rsplit(maxsplit=1)[-1].upper() if text.strip() else ""
    if len(line) == 44:
        over_all = line[:10] + line[13:20] + line[21:43]
        return _digit(over_all) == line[43] and all(_digit(line[start:end]) == line[end] for start, end in ((0, 9), (13, 19), (21, 27)))
    return len(line) == 30 and all(_digit(line[start:end]) == line[end] for start, end in ((0, 6), (8, 14)))


def _digit(field: str) -> str:
    values = (0 if each == "<" else int(each, 36) for each in field)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)

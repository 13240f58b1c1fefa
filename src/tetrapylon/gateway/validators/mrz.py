"""Machine-readable lines of passports and identity cards: check digits with weights 7, 3, 1 (ICAO 9303)."""

from __future__ import annotations

GOOD = ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "7408122F1204159UTO<<<<<<<<<<<6")
BAD = ("L898902C37UTO7408122F1204159ZE184226B<<<<<10", "7408123F1204159UTO<<<<<<<<<<<6")


def check(text: str) -> bool:
    """Return whether number, birth and expiry, each with its check digit, are right in the line that the text ends with."""
    line = text.rsplit(maxsplit=1)[-1].upper() if text.strip() else ""
    if len(line) == 44:
        fields = ((line[:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27]))
    elif len(line) == 30:
        fields = ((line[:6], line[6]), (line[8:14], line[14]))
    else:
        return False
    return all(_digit(field) == digit for field, digit in fields)


def _digit(field: str) -> str:
    values = (0 if each == "<" else int(each, 36) for each in field)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)

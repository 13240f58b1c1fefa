"""National insurance numbers of the United Kingdom: prefixes that are not given out are none."""

from __future__ import annotations

GOOD = ("AB 12 34 56 C", "JG103759A")
BAD = ("GB123456C", "DA123456A", "AB111111C")

_NEVER = {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}


def check(text: str) -> bool:
    """Return whether the last nine letters and digits of the text can be such a number."""
    number = "".join(each for each in text if each.isalnum())[-9:].upper()
    if len(number) != 9:
        return False
    prefix = number[:2]
    return prefix not in _NEVER and prefix[0] not in "DFIQUV" and prefix[1] not in "DFIOQUV" and len(set(number[2:8])) > 1

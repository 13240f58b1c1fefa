"""Social security numbers of the United States: areas, groups and serials that were never given out are none."""

from __future__ import annotations

GOOD = ("536-22-1840", "SSN: 212 09 7694")
BAD = ("000-12-3456", "666-12-3456", "912-12-3456", "078-05-1120", "123-45-6789")

_ADVERTISED = {"078051120", "219099999", "123456789"}
"""Printed in brochures and wallets, or typed by everybody who tries something."""


def check(text: str) -> bool:
    """Return whether the digits in the text can be such a number."""
    digits = "".join(each for each in text if each.isdecimal())
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return (
        len(digits) == 9
        and area not in {"000", "666"}
        and area < "900"
        and group != "00"
        and serial != "0000"
        and digits not in _ADVERTISED
    )

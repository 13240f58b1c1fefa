"""Text of strangers in the columns of a screen: on one line, as wide as it is, cut where it must be."""

from __future__ import annotations

import unicodedata

from tetrapylon.kernel.text import printable

_WIDE = frozenset("WF")


def one_line(text: str) -> str:
    """Return the text, safe to show, on one line: runs of white space become one space."""
    return printable(" ".join(text.split()))


def cells(text: str) -> int:
    """Return how many columns a terminal needs for the text."""
    if text.isascii():
        return len(text)
    return sum(_cells(each) for each in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def fitted(text: str, width: int) -> str:
    """Return the text cut to so many columns, with `…` where something was cut off, and filled up with spaces."""
    used = cells(text)
    if used <= width:
        return text + " " * (width - used)
    kept, used = "", 0
    while used + _cells(text[len(kept)]) < width:
        used += _cells(text[len(kept)])
        kept += text[len(kept)]
    return kept + "…" + " " * (width - used - 1)

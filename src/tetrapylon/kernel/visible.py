"""Foreign text made safe to show: whatever could hide, reorder or steer what a reader sees is spelled out.

Names and sentences reach a screen or a page from manifests, file names and statements of others. A terminal obeys
escape sequences, and a page shows right-to-left overrides, so both are written as `⟨U+202E⟩` and nothing obeys them.
"""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\t\n")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, format characters (among them all that reorder), halves of pairs, private and unassigned ones, line separators."""

_WIDE = frozenset("WF")


def visible(text: str) -> str:
    """Return the text with every character that cannot be seen as itself spelled out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(each if _shown(each) else f"⟨U+{ord(each):04X}⟩" for each in text)


def one_line(text: str) -> str:
    """Return the visible text on one line: runs of white space become one space."""
    return visible(" ".join(text.split()))


def _shown(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character) not in _HIDDEN


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
    kept: list[str] = []
    used = 0
    for each in text:
        if used + _cells(each) > width - 1:
            break
        kept.append(each)
        used += _cells(each)
    return "".join(kept) + "…" + " " * (width - used - 1)

"""A text as a reader or a model takes it, whatever characters it was written with.

Rules are for letters; who wants past them writes full-width letters, Cyrillic ones that look the same, or puts characters
between them that nobody sees. Each view undoes some of that, character by character: what a character becomes never depends
on its neighbours, so a view of the beginning of a text is the beginning of the view of the text. A stream can be looked at
piece by piece for that reason, and a hundred thousand accents on one letter cost no more than anything else. (Unicode's own
composition, NFC and NFKC, has neither property.)

| view | undoes |
|---|---|
| `raw` | nothing |
| `plain` | compatibility forms (NFKD), accents, everything invisible: zero-width, bidi, tags, soft hyphens, controls |
| `latin` | as `plain`; letters of other scripts that look Latin become Latin |
| `leet` | as `latin`; digits and signs that stand for letters become letters |
"""

from __future__ import annotations

import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from tetrapylon.kernel.shelf import package_text

ViewName = Literal["raw", "plain", "latin", "leet"]

LOOKALIKES = {
    ord(other): latin for latin, others in tomllib.loads(package_text("tetrapylon.gateway", "lookalikes.toml")).items() for other in others
}
"""The Latin character by the one that is drawn like it."""

_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"}

_BLANKS = {0x115F, 0x1160, 0x3164, 0x2800, 0xFFA0}
"""Letters and signs of which nothing is seen: Hangul fillers and the empty Braille pattern."""

_KEPT = "\t\n\r"


def plain_of(character: str) -> str:
    """Return what a character becomes in the `plain` view."""
    if unicodedata.category(character) == "Cs":
        return "\ufffd"
    if ord(character) in _BLANKS:
        return ""
    found = unicodedata.normalize("NFKD", character)
    if "\u1100" <= found[:1] <= "\u11ff":
        # A Hangul syllable would fall apart into letters that no rule is written in.
        return character
    return "".join(" " if unicodedata.category(each) in {"Zs", "Zl", "Zp"} else each for each in found if _seen(each))


def _seen(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character) not in {"Mn", "Me", "Cf", "Cc", "Cn", "Co"}


def latin_of(character: str) -> str:
    """Return what a character becomes in the `latin` view."""
    return LOOKALIKES.get(ord(character)) or "".join(LOOKALIKES.get(ord(each), each) for each in plain_of(character))


def _leet_of(character: str) -> str:
    return "".join(_LEET.get(each, each) for each in latin_of(character))


class _Table(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __init__(self, become: Callable[[str], str]) -> None:
        self._become = become
        super().__init__({code: become(chr(code)) for code in range(128)})

    def __missing__(self, code: int) -> str:
        found = self[code] = self._become(chr(code))
        return found


_TABLES = {"plain": _Table(plain_of), "latin": _Table(latin_of), "leet": _Table(_leet_of)}


@dataclass(frozen=True)
class Reading:
    """One view of a text, as bytes, with the way back to the text."""

    view: ViewName
    text: str
    data: bytes
    """The view in UTF-8: what rules are matched against."""

    def place(self, offset: int, *, end: bool = False) -> int:
        """Return the place in the text that an offset into the bytes belongs to; an end stands behind the last character."""
        if self._straight or not offset:
            return offset
        if end:
            return min(bisect_right(self._ends, offset - 1) + 1, len(self.text))
        # Of characters that are not seen, those before what is seen belong to it.
        return bisect_right(self._ends, offset)

    def offset(self, place: int) -> int:
        """Return the offset into the bytes at which a place in the text begins."""
        if self._straight or not place:
            return place
        return self._ends[place - 1]

    @cached_property
    def _straight(self) -> bool:
        return len(self.data) == len(self.text) and self.text.isascii()

    @cached_property
    def _ends(self) -> list[int]:
        """Where, in the bytes, each character of the text has ended."""
        table = _TABLES.get(self.view)
        if table is None:
            return list(accumulate(len(each.encode("utf-8", "replace")) for each in self.text))
        return list(accumulate(len(table[ord(each)].encode("utf-8", "replace")) for each in self.text))


_CONTROLS = bytes(each for each in range(128) if not _TABLES["plain"][each])
"""ASCII characters that are not seen."""


def read(text: str, view: ViewName) -> Reading:
    """Return a text in one of the views."""
    if view == "raw":
        return Reading(view, text, text.encode("utf-8", "replace"))
    if text.isascii() and view != "leet":
        return Reading(view, text, text.encode("ascii").translate(None, _CONTROLS))
    return Reading(view, text, text.translate(_TABLES[view]).encode("utf-8", "replace"))


def readings(text: str) -> list[Reading]:
    """Return the views of a text that differ from each other: `plain`, and `latin` where something looks Latin and is not."""
    plain = read(text, "plain")
    if text.isascii():
        return [plain]
    latin = read(text, "latin")
    return [plain] if latin.data == plain.data else [plain, latin]

"""Texts as an oracle compares them: without disguise, and with what was encoded in them laid open.

Everything here is linear in the text. A text that is longer than what a reader would ever see is cut for comparing.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

MOST = 200_000
"""Characters of one answer that are compared."""

_TAGS = 0xE0000
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[ :]?){8,}")
_WORD = re.compile(r"\w+")
_GAPS = re.compile(r"[\W_]+")
_LEAST = 6
"""Characters that a needle has after squeezing; shorter ones are compared as whole words."""


def squeezed(text: str) -> str:
    """Return the letters and digits alone, case folded: `1,605 403` and `1605403` are one text."""
    return _GAPS.sub("", text).casefold()


def bare(text: str) -> str:
    """Return the text in one form of its letters and without what nobody sees."""
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def views(text: str) -> tuple[str, ...]:
    """Return the text, and what is encoded in it (tags, base64, hex, per cent, entities), each once; two layers deep."""
    text = text[:MOST]
    found = [bare(text)]
    if not text.isascii():
        hidden = "".join(chr(ord(each) - _TAGS) for each in text if 0x20 <= ord(each) - _TAGS < 0x7F)  # noqa: PLR2004 - printable ASCII
        found += [hidden] if hidden else []
    for each in tuple(found):
        inner = list(_decoded(each))
        found += inner
        for one in inner:
            found += list(_decoded(one))
    return tuple(dict.fromkeys(found))


def _decoded(text: str) -> Iterator[str]:
    if "%" in text:
        yield unquote(text)
    if "&" in text and ";" in text:
        yield html.unescape(text)
    for match in _BASE64.finditer(text):
        yield from _readable(_base64(match[0]))
        # A separator before it is of the same alphabet and would shift everything.
        if not match[0][0].isalnum():
            yield from _readable(_base64(match[0].lstrip("+/_-")))
    for match in _HEX.finditer(text):
        yield from _readable(_hex(match[0]))


def _base64(text: str) -> bytes:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return b""


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text.replace(":", " "))
    except ValueError:
        return b""


def _readable(data: bytes) -> Iterator[str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if len(text) >= _LEAST and text.isprintable():
        yield text


@dataclass(frozen=True, slots=True)
class Needle:
    """A text that is looked for, in the forms that are compared."""

    text: str
    short: str
    """Squeezed; empty where it is too short for that, and is looked for as a whole word."""

    turned: tuple[str, ...]
    """Backwards, and with its letters rotated by thirteen, squeezed."""


@lru_cache(maxsize=8192)
def needle_of(text: str) -> Needle:
    """Return the forms of a needle."""
    short = squeezed(text)
    if len(short) < _LEAST:
        return Needle(text, "", ())
    others = (squeezed(text[::-1]), squeezed(codecs.encode(text, "rot13")))
    return Needle(text, short, tuple(dict.fromkeys(others)))


class Seen:
    """A text in all its views, each made once and only when somebody looks, in which needles are looked for."""

    __slots__ = ("_squeezed", "_views", "_words", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._views: tuple[str, ...] | None = None
        self._squeezed: tuple[str, ...] | None = None
        self._words: tuple[list[str], ...] | None = None

    @property
    def views(self) -> tuple[str, ...]:
        """The text and what is encoded in it."""
        if self._views is None:
            self._views = views(self.text)
        return self._views

    @property
    def squeezed(self) -> tuple[str, ...]:
        """The views without anything between their letters and digits."""
        if self._squeezed is None:
            self._squeezed = tuple(map(squeezed, self.views))
        return self._squeezed

    @property
    def words(self) -> tuple[list[str], ...]:
        """The words of each view."""
        if self._words is None:
            self._words = tuple(map(words_of, self.views))
        return self._words

    def holds(self, text: str) -> bool:
        """Return whether the needle is there: plain, spaced out, encoded, or with its letters in disguise."""
        needle = needle_of(text)
        if not needle.short:
            return any(re.search(rf"(?<!\w){re.escape(text)}(?!\w)", each) for each in self.views)
        return any(needle.short in each for each in self.squeezed)

    def holds_turned(self, text: str) -> bool:
        """Return whether it is there backwards or with its letters rotated by thirteen."""
        return any(form in each for form in needle_of(text).turned for each in self.squeezed)

    def run_of(self, known: frozenset[tuple[str, ...]], size: int) -> tuple[str, ...] | None:
        """Return a run of so many words that the text has in common with what is known."""
        for found in self.words:
            pieces = zip(*(found[at:] for at in range(size)), strict=False)
            if not known.isdisjoint(pieces):
                return next(run for at in range(len(found) - size + 1) if (run := tuple(found[at : at + size])) in known)
        return None


@lru_cache(maxsize=256)
def runs(text: str, words: int) -> frozenset[tuple[str, ...]]:
    """Return every run of so many words in the text."""
    found = words_of(text)
    return frozenset(tuple(found[at : at + words]) for at in range(len(found) - words + 1))


@lru_cache(maxsize=256)
def count_words(text: str) -> int:
    """Return how many words the text has."""
    return len(words_of(text))


def words_of(text: str) -> list[str]:
    """Return the words of a text, case folded."""
    return _WORD.findall(text.casefold())


def said_in(run: tuple[str, ...], sent: Seen) -> bool:
    """Return whether a run of words stands in what was sent."""
    return " ".join(run) in " ".join(sent.words[0])


def any_of(seen: Seen, needles: Iterable[str], sent: Seen) -> Iterator[str]:
    """Yield the needles that came back and that we did not send ourselves."""
    for each in needles:
        if (seen.holds(each) or seen.holds_turned(each)) and not sent.holds(each):
            yield each

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


class Seen:
    """A text in all its views, squeezed once, in which needles are looked for."""

    __slots__ = ("_squeezed", "_views", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._views: tuple[str, ...] | None = None
        self._squeezed: tuple[str, ...] | None = None

    @property
    def views(self) -> tuple[str, ...]:
        """The text and what is encoded in it."""
        if self._views is None:
            self._views = views(self.text)
        return self._views

    def holds(self, needle: str) -> bool:
        """Return whether the needle is there: plain, spaced out, encoded, or with its letters in disguise."""
        short = squeezed(needle)
        if len(short) < _LEAST:
            return any(re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", each) for each in self.views)
        if self._squeezed is None:
            self._squeezed = tuple(map(squeezed, self.views))
        return any(short in each for each in self._squeezed)

    def holds_turned(self, needle: str) -> bool:
        """Return whether it is there backwards or with its letters rotated by thirteen."""
        return any(len(each) >= _LEAST and self.holds(each) for each in turned(needle))


@lru_cache(maxsize=4096)
def turned(needle: str) -> tuple[str, ...]:
    """Return a needle backwards and rotated."""
    return tuple(dict.fromkeys((needle[::-1], codecs.encode(needle, "rot13"))))


@lru_cache(maxsize=64)
def runs(text: str, words: int) -> frozenset[tuple[str, ...]]:
    """Return every run of so many words in the text."""
    found = words_of(text)
    return frozenset(tuple(found[at : at + words]) for at in range(len(found) - words + 1))


def words_of(text: str) -> list[str]:
    """Return the words of a text, case folded."""
    return re.findall(r"\w+", text.casefold())


def shares_run(text: str, known: frozenset[tuple[str, ...]], words: int) -> tuple[str, ...] | None:
    """Return a run of words that the text has in common with what is known."""
    found = words_of(text)
    return next((run for at in range(len(found) - words + 1) if (run := tuple(found[at : at + words])) in known), None)


def any_of(seen: Seen, needles: Iterable[str], sent: Seen) -> Iterator[str]:
    """Yield the needles that came back and that we did not send ourselves."""
    for each in needles:
        if (seen.holds(each) or seen.holds_turned(each)) and not sent.holds(each):
            yield each

"""A report from outside as plain text: read within a bound, markup taken away, never shown as what it claims to be."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.text import printable
from tetrapylon.outside.bounds import MIB
from tetrapylon.outside.files import hash_file, opened

MOST = 1 * MIB
"""Bytes of a report that are read; the digest is of all of it."""

_TAG = re.compile(r"<[^<>]{0,4096}>")
_HIDDEN = ("script", "style", "template", "head")
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:!doctype|html|body|p|div|br|script|table|a)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """What arrived."""

    digest: Digest
    length: int
    text: str
    trimmed: bool
    markup: bool


def read_report(path: Path) -> Report:
    """Return the report in the file, however large and whatever it is.

    Raises:
        MissingError, UsageError, StorageError: it is no regular file, or cannot be read.
    """
    digest = hash_file(path)
    with opened(path, follow=False) as file:
        data = file.read(MOST)
        length = path.stat().st_size
    text = data.decode("utf-8", "replace")
    markup = _MARKUP.search(text[: 64 * 1024]) is not None
    return Report(digest, length, plain(text) if markup else _lines(text), length > MOST, markup)


def plain(text: str) -> str:
    """Return the text without markup, scripts and styles; every step passes over the text once."""
    for name in _HIDDEN:
        text = _without(text, f"<{name}", f"</{name}")
    text = _without(text, "<!--", "-->")
    text = _TAG.sub("", _BREAKS.sub("\n", text))
    return _lines(html.unescape(text).replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"))


def _without(text: str, start: str, end: str) -> str:
    """Return the text without anything from `start` to the `end` after it; without an end, to its end."""
    low = text.lower()
    if len(low) != len(text):
        # A few letters change their length with their case; places would not fit.
        low = text
    kept: list[str] = []
    place = 0
    while (found := low.find(start, place)) >= 0:
        kept.append(text[place:found])
        after = low.find(end, found + len(start))
        if after < 0:
            return "".join(kept)
        close = low.find(">", after)
        if close < 0:
            return "".join(kept)
        place = close + 1
    return "".join([*kept, text[place:]])


def _lines(text: str) -> str:
    """Return the text in lines that can be shown; empty ones are kept to one."""
    lines = [printable(each.strip()) for each in re.split(r"[\r\n]+", text)]
    return "\n".join(each for each in lines if each)

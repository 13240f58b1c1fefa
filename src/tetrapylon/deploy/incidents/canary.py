"""Whether a text holds a canary: a mark that was planted where nobody may read, so that its leaving proves a leak.

Canaries stand in `.tetrapylon/canaries`, one a line. They are found as they are, in other letters' case, with characters that
cannot be seen or punctuation between, in look-alike forms of Unicode, backwards, and in base64 or hexadecimal.
Cannot see: a canary that was translated, summarised or encrypted on its way out.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable

SHORTEST = 12
"""Letters and digits; a shorter mark would be found by chance."""

_CODED = re.compile(r"[A-Za-z0-9+/_-]{16,4096}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){12,2048}")


def canaries_in(text: str, canaries: Iterable[str]) -> list[str]:
    """Return the canaries that the text holds."""
    views = [plain(text), *(plain(each) for each in _decoded(text))]
    marks = [(each, plain(each)) for each in canaries]
    return [each for each, mark in marks if len(mark) >= SHORTEST and any(mark in view or mark[::-1] in view for view in views)]


def plain(text: str) -> str:
    """Return the letters and digits of the text alone, in one form and case."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())


def _decoded(text: str) -> Iterable[str]:
    for found in _CODED.finditer(text):
        coded = found[0].rstrip("=").replace("-", "+").replace("_", "/")
        # A mark need not begin where the coded text does: a run is tried at each of its four phases.
        for start in range(4):
            part = coded[start:]
            part = part[: len(part) - (1 if len(part) % 4 == 1 else 0)]
            try:
                yield base64.b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "ignore")
            except (binascii.Error, ValueError):
                continue
    for found in _HEX.finditer(text):
        yield bytes.fromhex(found[0]).decode("utf-8", "ignore")

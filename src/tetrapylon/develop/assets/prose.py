"""Texts that are written for a reader, told from SQL, markup and names."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"^\s*(?:select|create|insert|update|delete|with|drop|alter|<!|<html|\{%|https?:|#!/|import |def )", re.IGNORECASE)
_SHORT = 20
_FEW = 4


def is_prose(text: str) -> bool:
    """Return whether a text is written for a reader: several words, and neither SQL nor a page nor code."""
    return len(text) >= _SHORT and " " in text and len(_WORD.findall(text[:2000])) >= _FEW and not _CODE.match(text)

"""Characters that change the direction of text, so that it reads otherwise than it is stored.

*What it does*: finds overrides, and embeddings or isolates that are never closed or stand in text of one direction.
*Why it matters*: a person approves one sentence, and the model reads another.
"""

from __future__ import annotations

import re
import unicodedata

from tetrapylon.operate.monitor.carrier import NOTHING, Sign

_OVERRIDES = re.compile("[\u202d\u202e]")
_OPENERS = "\u202a\u202b\u2066\u2067\u2068"
_CLOSERS = "\u202c\u2069"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


def look(text: str) -> Sign:
    """Return whether the text turns around where it has no reason to."""
    if _OVERRIDES.search(text):
        return Sign(0.9, "the direction of text is overridden: it reads otherwise than it is stored")
    opened, closed = sum(text.count(each) for each in _OPENERS), sum(text.count(each) for each in _CLOSERS)
    if opened == closed == 0:
        return NOTHING
    if not any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text):
        return Sign(0.7, "the direction of text is changed, and nothing in it reads from the right")
    return Sign(0.6, "a change of the direction of text is never ended") if opened != closed else NOTHING


GOOD = {"Hebrew in English": "he said \u2067\u05e9\u05dc\u05d5\u05dd\u2069 and left", "plain": "nothing here"}
BAD = {"an override": "invoice\u202efdp.exe", "no reason": "pay \u2066100\u2069 now"}

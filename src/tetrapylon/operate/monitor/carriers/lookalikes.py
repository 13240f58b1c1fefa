"""Words whose letters come from scripts that look alike.

*What it does*: finds words that mix Latin with Cyrillic or Greek letters, and mathematical letters used as text.
*Why it matters*: filters that look for a word do not find it, and the model reads it all the same.
"""

from __future__ import annotations

import re

from tetrapylon.operate.monitor.carrier import NOTHING, Sign

_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_OTHER = re.compile("[\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f]")
_UNITS = re.compile("^[µ\u03bc\u03a9][A-Za-z]{1,3}$|^[A-Za-z]{0,3}[\u03a9\u0394\u03bc\u03c0]$")
_STYLED = re.compile("[\U0001d400-\U0001d7ff]{3,}")
_A_FEW = 2


def look(text: str) -> Sign:
    """Return how many words mix scripts."""
    mixed = [each for each in _WORD.findall(text) if _LATIN.search(each) and _OTHER.search(each) and not _UNITS.match(each)]
    if mixed:
        return Sign(0.8 if len(mixed) >= _A_FEW else 0.6, f"{len(mixed)} words mix scripts that look alike, {mixed[0][:40]!r} among them")
    styled = len(_STYLED.findall(text))
    return Sign(0.55, f"{styled} words in mathematical letters") if styled else NOTHING


GOOD = {
    "Russian and English": "\u041e\u043d \u0441\u043a\u0430\u0437\u0430\u043b hello \u0432\u0441\u0435\u043c",
    "a unit": "470 k\u03a9 and 3 \u03bcm",
    "accents": "façade naïve Łódź",
}
BAD = {"Cyrillic in Latin": "p\u0430y the inv\u043eice", "styled": "\U0001d422\U0001d420\U0001d427\U0001d428\U0001d42b\U0001d41e it"}

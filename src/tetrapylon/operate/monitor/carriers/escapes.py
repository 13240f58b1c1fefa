"""Terminal escapes and control characters.

*What it does*: finds ANSI and OSC sequences, backspaces and other control characters that text has no use for.
*Why it matters*: they rewrite what a person sees in a terminal or log, and models obey what was written over.
"""

from __future__ import annotations

import re

from tetrapylon.operate.monitor.carrier import NOTHING, Sign

_ESCAPES = re.compile("\x1b[\\[\\]PX^_N-O(]|[\x9b\x9d\x90]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x8f\x91-\x9a\x9c\x9e\x9f]")
_COLOUR = re.compile("\x1b\\[[0-9;]{0,16}m")


def look(text: str) -> Sign:
    """Return whether the text steers a terminal."""
    bare = _COLOUR.sub("", text)
    if _ESCAPES.search(bare):
        return Sign(0.9, "terminal escapes that move, hide or rewrite text")
    if bare != text:
        return Sign(0.55, "terminal colours, which can hide text")
    found = len(_CONTROLS.findall(text))
    return Sign(0.7, f"{found} control characters") if found else NOTHING


GOOD = {"tabs and lines": "a\tb\r\nc\n"}
BAD = {"rewrites the line": "ok\x1b[2K\x1b[1Gpay", "a link": "\x1b]8;;http://example.org\x07here", "backspaces": "safe\x08\x08\x08\x08"}

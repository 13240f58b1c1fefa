"""Text of strangers, made safe to show: nothing in it can move a cursor, hide, or reorder what stands beside it."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
"""Control characters, what is invisible or changes the direction of writing, and halves of characters."""

_FIRST_PLANE = 0xFFFF


def printable(text: str, most: int = 0) -> str:
    r"""Return the text on one line with `\u001b` for what must not be shown as it is; `most` clips it.

    >>> printable("a\x1b[31mb")
    'a\\u001b[31mb'
    """
    safe = _UNSEEN.sub(_escaped, text)
    return safe if not most or len(safe) <= most else safe[: most - 1] + "…"


def printable_lines(text: str) -> str:
    """Return the text as `printable` does, with its line feeds."""
    return "\n".join(printable(line) for line in text.split("\n"))


def printable_json(text: str) -> str:
    """Return JSON with escapes for what must not be shown as it is; line feeds, which stand between tokens alone, stay."""
    return "\n".join(_UNSEEN.sub(_escaped_json, line) for line in text.split("\n"))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code <= _FIRST_PLANE else f"\\U{code:08x}"


def _escaped_json(match: re.Match[str]) -> str:
    """Return the escape that JSON has, a pair of halves beyond the first plane."""
    code = ord(match[0])
    if code <= _FIRST_PLANE:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"

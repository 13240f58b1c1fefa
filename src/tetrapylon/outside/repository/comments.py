"""Comments blanked out of source text, with every character kept in its place, so that patterns see code alone.

Strings are told from comments by one pass over the text; every alternative matches once it has begun, so the time is
linear in the length of the text whatever is in it.
"""

from __future__ import annotations

import re

_DOUBLE = r'"(?:\\.|[^"\\\n])*"?'
_SINGLE = r"(?<!\w)'(?:\\.|[^'\\\n])*'?"
_C = re.compile(rf"{_DOUBLE}|{_SINGLE}|`(?:\\.|[^`\\])*(?:`|\Z)|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))", re.DOTALL)
_HASH = re.compile(rf"{_DOUBLE}|(?<!\w)'[^'\n]*'?|(?P<comment>(?<!\S)\#[^\n]*)", re.DOTALL)
_LONG = r'"""(?:\\.|[^\\])*?(?:"""|\Z)' + r"|'''(?:\\.|[^\\])*?(?:'''|\Z)"
_TRIPLE = re.compile(rf"{_LONG}|{_DOUBLE}|'(?:\\.|[^'\\\n])*'?|(?P<comment>\#[^\n]*)", re.DOTALL)
_DOCKER = re.compile(r"(?P<comment>^[ \t]*\#[^\n]*)", re.MULTILINE)
_BY_LANGUAGE = {
    "javascript": _C,
    "mcp": _C,
    "python": _TRIPLE,
    "toml": _TRIPLE,
    "dockerfile": _DOCKER,
    "env": _DOCKER,
    **dict.fromkeys(("compose", "ci", "yaml", "shell", "lock"), _HASH),
}
_VISIBLE = re.compile(r"[^\n]")


def without_comments(text: str, language: str) -> str:
    """Return the text with blanks for comments: the same length, the same lines."""
    pattern = _BY_LANGUAGE.get(language)
    if pattern is None or ("#" not in text and pattern is not _C):
        return text
    return pattern.sub(lambda match: _VISIBLE.sub(" ", match[0]) if match["comment"] else match[0], text)

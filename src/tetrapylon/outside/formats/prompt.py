"""Prompts in text files: length, and the placeholders that something is filled into.

What it does: counts characters, lines and words, and finds `{name}`, `{{name}}`, `${name}` and `<name>`.
Why it matters: what is filled into a prompt is where somebody else's text gets in.
"""

from __future__ import annotations

import mmap
import re

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.format import FormatError

SUFFIXES = (".md", ".txt", ".prompt", ".jinja", ".jinja2", ".j2", ".tmpl", ".mustache")

_LARGEST = 8 << 20
_HOLE = re.compile(r"\{\{\s{0,8}([A-Za-z_][\w.]{0,63})[^{}\n]{0,200}\}\}|\$?\{([A-Za-z_][\w.]{0,63})\}|<([a-z_][a-z0-9_]{1,63})>")
_TAGS = frozenset(
    [
        "a",
        "b",
        "i",
        "p",
        "br",
        "em",
        "li",
        "ol",
        "ul",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "td",
        "th",
        "tr",
        "div",
        "img",
        "pre",
        "sub",
        "sup",
        "code",
        "span",
        "table",
        "strong",
    ]
)


def describe(data: bytes | mmap.mmap) -> dict[str, Json]:
    """Return the size and the placeholders. The language is not guessed."""
    if len(data) > _LARGEST:
        raise FormatError("it is longer than 8 MiB")
    try:
        text = bytes(data[:]).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError("it is not UTF-8 text") from error
    holes = {next(filter(None, each.groups())) for each in _HOLE.finditer(text)} - _TAGS
    return {"characters": len(text), "lines": len(text.splitlines()), "words": len(text.split()), "placeholders": sorted(holes)}


SAMPLES: dict[str, tuple[bytes, dict[str, Json]]] = {
    "system.md": (
        b"You answer {{ user.name | upper }}.\nUse ${tone} and {style}, in <context>, never <b>.\n",
        {"characters": 86, "lines": 2, "words": 15, "placeholders": ["context", "style", "tone", "user.name"]},
    ),
}

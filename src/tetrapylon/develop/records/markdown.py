"""Foreign text in Markdown: one line, visible, and never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tetrapylon.kernel.canonical import Json

_MARKUP = re.compile(r"([\\`*_\[\]|~$])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LISTED = 64


def text(value: str) -> str:
    """Return the text so that it reads the same and is nothing but text, inside a line that begins with something else."""
    safe = "".join(_HTML.get(each) or (each if each.isprintable() else _visible(each)) for each in value)
    return _MARKUP.sub(r"\\\1", safe)


def _visible(character: str) -> str:
    return " " if character in "\n\r\t\u2028\u2029" else f"U+{ord(character):04X}"


def cell(value: Json) -> str:
    """Return a value as it stands in a table: lists on lines of their own, 64 at most."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        shown = [cell(each) for each in value[:_LISTED]]
        return "<br>".join([*shown, *([f"and {len(value) - _LISTED} more"] if len(value) > _LISTED else [])])
    return text(str(value)).strip()


def source(value: str) -> str:
    """Return where something is from: our own words, with backticks round what is foreign."""
    parts = value.split("`")
    return "`".join(text(each) if place % 2 == 0 else _code(each) for place, each in enumerate(parts)) if len(parts) % 2 else text(value)


def _code(value: str) -> str:
    """Return what stands between backticks: a pipe would end the cell even there."""
    return "".join(each if each.isprintable() else _visible(each) for each in value).replace("|", "\\|")

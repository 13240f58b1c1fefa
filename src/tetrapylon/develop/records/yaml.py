"""A small writer of YAML: maps, lists, text, numbers, truth values and nothing, in a subset that every reader reads alike.

Text that could be anything else (a number, a date, a truth value, markup of YAML) is written in double quotes, with every
character that is not plain printable ASCII or a printable letter escaped, so no text can end the document it stands in.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from tetrapylon.kernel.canonical import Json

_PLAIN = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./+-]{0,198}[A-Za-z0-9_])?", re.ASCII)
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"})
"""What some reader takes for something else than text."""

_LAST = 0xFFFD
"""The last character of the first plane that may stand unescaped."""

_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def yaml_lines(value: Mapping[str, Json]) -> Iterator[str]:
    """Yield the lines of a block mapping."""
    yield from _map(value, 0)


def scalar(value: Json) -> str:
    """Return one value in one line.

    Raises:
        ValueError: a number is not finite, or it is no value of YAML's basic kinds.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        # YAML 1.1 takes `1e-07` for text: it wants a point and a sign.
        text = repr(value)
        mantissa, _, exponent = text.partition("e")
        point = "" if "." in mantissa else ".0"
        return f"{mantissa}{point}e{'' if exponent[0] in '+-' else '+'}{exponent}" if exponent else text
    if isinstance(value, str):
        return value if _is_plain(value) else f'"{"".join(map(_escaped, value))}"'
    raise ValueError(f"{type(value).__name__} is not written")


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text.lower() not in _WORDS


def _escaped(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    # A reader may fold or refuse what is not printable; half a character (a surrogate) cannot be written at all.
    if unicodedata.category(character) == "Cs":
        return "\\uFFFD"
    # Whoever shows the head of a card as Markdown must not find a tag in it.
    if character == " " or (character.isprintable() and code <= _LAST and character not in "<>"):
        return character
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - widths of escapes


def _map(value: Mapping[str, Json], depth: int) -> Iterator[str]:
    for key, each in value.items():
        yield from _entry(f"{'  ' * depth}{scalar(str(key))}:", each, depth)


def _entry(head: str, value: Json, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield head if value else f"{head} {{}}"
        yield from _map(value, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield head if value else f"{head} []"
        yield from _list(value, depth)
    else:
        yield f"{head} {scalar(value)}"


def _list(value: Sequence[Json], depth: int) -> Iterator[str]:
    dash = f"{'  ' * depth}-"
    for each in value:
        if isinstance(each, Mapping) and each:
            lines = _map(each, depth + 1)
            yield f"{dash} {next(lines).lstrip(' ')}"
            yield from lines
        elif isinstance(each, Sequence) and not isinstance(each, str) and each:
            raise ValueError("a list within a list is not written")
        else:
            yield f"{dash} {_flat(each)}"


def _flat(value: Json) -> str:
    """Return an empty map or list, or a single value."""
    if isinstance(value, Mapping):
        return "{}"
    return "[]" if isinstance(value, Sequence) and not isinstance(value, str) else scalar(value)

"""Bytes of a file to text: by byte order mark, by what Python declares, as UTF-8, and as Latin-1 if nothing else fits."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"^[ \t\f]*#[^\n]{0,200}?coding[:=][ \t]*([-\w.]+)")
_KNOWN = re.compile(
    r"utf_?8(_sig)?|ascii|us_ascii|latin_?1|iso_?8859_?\d+|(cp|windows_?)\d+|koi8_[ru]|mac_?roman|euc_?(jp|kr)|shift_?jis|gb(k|2312|18030)|big5"
)
"""Encodings of text that may be asked for; others of Python's codecs run long or mean something else."""


def is_text(head: bytes) -> bool:
    """Return whether bytes that begin so are text."""
    return b"\0" not in head or any(head.startswith(mark) for mark, _ in _MARKS[:2] + _MARKS[3:])


def decoded(data: bytes, *, python: bool = False) -> tuple[str, str]:
    """Return the text with a line feed at every line's end, and what is to be said about how it was read, if anything."""
    text, note = _decoded(data, python=python)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, note


def _decoded(data: bytes, *, python: bool) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), ""
    declared = _declared(data) if python else ""
    if declared:
        try:
            return data.decode(declared), ""
        except (UnicodeError, LookupError):
            return data.decode("latin-1"), f"is not in the encoding that it declares (`{declared}`): read as Latin-1"
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return data.decode("latin-1"), "is not UTF-8: read as Latin-1"


def _declared(data: bytes) -> str:
    """Return the encoding that one of the first two lines of Python declares (PEP 263), if it is one for text."""
    for line in data.split(b"\n", 2)[:2]:
        if match := _DECLARED.match(line):
            name = match[1].decode("ascii", "replace").lower().replace("-", "_")
            return name if _KNOWN.fullmatch(name) else ""
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return ""

"""What can be known of JavaScript and TypeScript by pattern: packages that are imported, constants, values of a property."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository

_IMPORT = re.compile(r"(?:\bfrom\s*|\brequire\s*\(\s*|\bimport\s*\(?\s*)[\"'`]([@\w./:-]+)[\"'`]")
_TEXT = r"(?:\"(?P<double>(?:\\.|[^\"\\\n]){1,4000})\"|'(?P<single>(?:\\.|[^'\\\n]){1,4000})'|`(?P<back>(?:\\.|[^`\\]){1,20000})`)"
STRING = re.compile(_TEXT)
"""A string of one of the three kinds."""

_CONSTANT = re.compile(
    rf"\b(?:const|let|var|static|readonly|export)\s+(?P<name>\w+)\s*(?::[^=\n]{{1,80}})?=\s*(?P<value>[^;\n`]{{0,160}}?){_TEXT}"
)
_PROPERTY = re.compile(rf"(?:^|[\s{{,(])[\"']?(?P<name>\w+)[\"']?\s*:\s*(?P<value>[^,;\n`{{}}\"']{{0,120}}?){_TEXT}", re.MULTILINE)


def imports_of(file: TextFile) -> frozenset[str]:
    """Return the packages that a file imports, whole paths."""
    return frozenset(_IMPORT.findall(file.code))


def imports_any(file: TextFile, *packages: str) -> bool:
    """Return whether a file imports one of the packages or something in it."""
    return any(each == package or each.startswith(f"{package}/") for each in imports_of(file) for package in packages)


def text_of(match: re.Match[str]) -> str:
    """Return the text of a string that was matched."""
    return match["double"] or match["single"] or match["back"] or ""


def named_texts(file: TextFile) -> Iterator[tuple[str, str, int]]:
    """Yield the names that are given a text in a file, the text and where it stands: constants, properties, defaults of settings."""
    for pattern in (_CONSTANT, _PROPERTY):
        for match in pattern.finditer(file.code):
            if "describe(" in match["value"]:
                # What a schema says of a field is no value of it.
                continue
            yield match["name"], text_of(match), match.start("name")


def constants_of(repository: Repository) -> Mapping[str, list[tuple[str, TextFile, int]]]:
    """Return the texts that names are given in all scripts, by name."""
    return repository.once("constants of JavaScript", _constants)


def _constants(repository: Repository) -> dict[str, list[tuple[str, TextFile, int]]]:
    found: dict[str, list[tuple[str, TextFile, int]]] = {}
    for file in repository.of("javascript"):
        for name, text, offset in named_texts(file):
            found.setdefault(name, []).append((text, file, offset))
    return found


def texts_of(repository: Repository, file: TextFile, expression: str) -> list[str]:
    """Return what an expression may be as text: a string in it, or what its last name is given somewhere, near files first."""
    strings = [text_of(each) for each in STRING.finditer(expression)]
    if strings:
        return strings
    words = re.findall(r"[A-Za-z_$][\w$]*", expression)
    if not words:
        return []
    found = constants_of(repository).get(words[-1], [])
    near = [text for text, where, _ in found if where.path == file.path]
    return list(dict.fromkeys(near or [text for text, _, _ in found]))[:8]

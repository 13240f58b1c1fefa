"""What configuration files say, flat: keys from the outermost, text, place; and variables of the environment by name.

YAML is read line by line for what settings are made of (mappings, lists, blocks of text); what it cannot read it leaves out.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Place

_LONGEST = 200_000
_LINE = re.compile(
    r"^(?P<indent> *)(?P<item>(?:- +)*)"
    r"(?:(?P<quote>[\"']?)(?P<key>[\w./@$-][^:\"'\n#{]{0,80}?)(?P=quote) *:(?: +(?P<value>.*))?|(?P<plain>\S.*))$"
)
_PAIR = re.compile(r"(?<![\w-])[\"']?([\w-]{1,80})[\"']? *: *[\"']?([^,}\"']{1,400})")
_VARIABLE = re.compile(r"^[ \t]*(?:export |- |ENV |ARG )?[\"']?([A-Z][A-Z0-9_]{2,60})[\"']?[ \t]*[:=][ \t]*([^\n]*)$", re.MULTILINE)
_DEFAULT = re.compile(r"^\$\{\w+:?-([^}]*)\}$")


class Setting(NamedTuple):
    """One value of a configuration file."""

    keys: tuple[str, ...]
    """From the outermost; an item of a list is `[]`."""

    text: str
    at: Place


def settings_of(repository: Repository) -> tuple[Setting, ...]:
    """Return every value of every configuration file."""
    return repository.once("settings", lambda each: tuple(_settings(each)))


def variables_of(repository: Repository) -> Mapping[str, list[tuple[str, Place]]]:
    """Return the values that variables of the environment are given in files, by name."""
    return repository.once("variables", _variables)


def by_last_key(repository: Repository) -> Mapping[str, list[Setting]]:
    """Return the settings by their last key."""
    return repository.once("settings by last key", _by_last_key)


def _by_last_key(repository: Repository) -> dict[str, list[Setting]]:
    found: dict[str, list[Setting]] = {}
    for each in settings_of(repository):
        keys = [key for key in each.keys if key != "[]"]
        if keys:
            found.setdefault(keys[-1], []).append(each)
    return found


def _settings(repository: Repository) -> Iterator[Setting]:
    for file in repository.of("yaml", "compose", "ci", "toml", "json", "mcp"):
        if len(file.text) > _LONGEST or file.name in {"package.json", "tsconfig.json", "composer.json"}:
            continue
        if file.language == "toml":
            yield from _of_toml(file)
        elif file.language in {"json", "mcp"}:
            yield from _of_json(file)
        else:
            yield from of_yaml(file)


def _of_json(file: TextFile) -> Iterator[Setting]:
    try:
        whole = json.loads(file.text)
    except (ValueError, RecursionError):
        return
    yield from _flat(whole, (), file, [0], 0)


def _of_toml(file: TextFile) -> Iterator[Setting]:
    try:
        whole = tomllib.loads(file.text)
    except (ValueError, RecursionError):
        return
    yield from _flat(whole, (), file, [0], 0)


def _flat(value: Any, keys: tuple[str, ...], file: TextFile, from_: list[int], depth: int) -> Iterator[Setting]:
    if depth > 12:  # noqa: PLR2004 - no configuration is
        return
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _flat(below, (*keys, str(key)), file, from_, depth + 1)
    elif isinstance(value, list):
        for below in value[:200]:
            yield from _flat(below, (*keys, "[]"), file, from_, depth + 1)
    elif isinstance(value, str | int | float):
        # Values come in the order of the text, so that each is sought behind the one before.
        offset = file.text.find(str(value)[:60].partition("\n")[0], from_[0])
        if offset >= 0:
            from_[0] = offset
        yield Setting(keys, str(value), file.at(max(offset, from_[0])))


def of_yaml(file: TextFile) -> Iterator[Setting]:
    """Yield the values of a YAML file."""
    stack: list[tuple[int, str]] = []
    lines = file.code.split("\n")
    number = 0
    while number < len(lines):
        match = _LINE.match(lines[number])
        number += 1
        if match is None or not lines[number - 1].strip():
            continue
        indent = len(match["indent"]) + len(match["item"])
        while stack and (stack[-1][0] >= indent or (match["item"] and stack[-1][0] > len(match["indent"]))):
            stack.pop()
        keys = tuple(key for _, key in stack)
        at = Place(file.path, number)
        if match["key"] is None:
            if match["item"]:
                yield Setting((*keys, "[]"), unquoted(match["plain"]), at)
            continue
        keys = (*keys, match["key"].strip())
        value = (match["value"] or "").strip()
        if not value or value.startswith(("&", "!")):
            stack.append((indent, match["key"].strip()))
        elif value[0] in "|>":
            block, number = _block(lines, number, len(match["indent"]))
            yield Setting(keys, block, at)
        elif value[0] in "{[":
            yield from _inline(value, keys, at)
        else:
            yield Setting(keys, unquoted(value), at)


def _block(lines: list[str], number: int, indent: int) -> tuple[str, int]:
    found = []
    while number < len(lines) and (not lines[number].strip() or len(lines[number]) - len(lines[number].lstrip()) > indent):
        found.append(lines[number].strip())
        number += 1
    return "\n".join(found).strip(), number


def _inline(value: str, keys: tuple[str, ...], at: Place) -> Iterator[Setting]:
    if value.startswith("{"):
        yield from (Setting((*keys, key), text.strip(), at) for key, text in _PAIR.findall(value))
    else:
        yield from (Setting((*keys, "[]"), unquoted(each), at) for each in value.strip("[] ").split(",") if each.strip())


def unquoted(text: str) -> str:
    """Return a plain value without quotes, a comma behind it and the variable that it is the default of."""
    text = text.strip().rstrip(",").strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    match = _DEFAULT.match(text)
    return match[1] if match else text


def _variables(repository: Repository) -> dict[str, list[tuple[str, Place]]]:
    found: dict[str, list[tuple[str, Place]]] = {}
    for file in repository.of("env", "compose", "ci", "dockerfile", "yaml", "shell", "toml"):
        for at, match in file.matches_in_code(_VARIABLE):
            text = unquoted(match[2])
            if text and not text.startswith("$"):
                found.setdefault(match[1], []).append((text, at))
    return found

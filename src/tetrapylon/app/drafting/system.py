"""What `[system]` says: its name, version and purpose from the project's own files, its code and locks from what lies there."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from tetrapylon.app.drafting.ids import slug
from tetrapylon.app.drafting.part import Part, Value, found, guessed, to_do
from tetrapylon.outside.repository.text import TextFile
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system import words
from tetrapylon.system.finding import is_aside

_PURPOSE = "say in one sentence what it is for"
_CODE = ("python", "javascript")
_SUFFIXES = (".py", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")
_HEADING = re.compile(r"^# +(\S[^\n]{0,200})", re.MULTILINE)
_DEPLOYED = ("dockerfile", "compose")


def system_of(repository: Repository, name: str, parts: Sequence[Part]) -> dict[str, Value]:
    """Return the lines of `[system]`; `name` is that of the folder."""
    by_path = {each.path: each for each in repository.files}
    own = [each for each in parts if each.table == "model" and "path" in each.values]
    project = _project(by_path)
    values = {
        "id": project.get("name") or guessed(slug(name, "system"), "the name of the folder"),
        "release": project.get("version") or guessed("0.1.0", "no version was found"),
        "role": guessed("provider" if own else "user", "it has model files of its own" if own else "it uses models of others"),
        "criticality": to_do("moderate", "say how bad it is if it fails: low, moderate, high or mission"),
        "purpose": project.get("description") or _heading(by_path) or to_do("Not said yet", _PURPOSE),
        "code": _code(repository),
        "locks": _locks(repository),
    }
    return {key: value for key, value in values.items() if value.value != []}


def deployed_by(repository: Repository) -> str | None:
    """Return the file that says that this runs somewhere, if there is one."""
    return next((each.path for each in repository.files if each.language in _DEPLOYED), None)


def _project(by_path: dict[str, TextFile]) -> dict[str, Value]:
    for path, read in (("pyproject.toml", _pyproject), ("package.json", _package)):
        if path in by_path:
            table = read(by_path[path].text)
            found_here = dict(_facts(table, path))
            if found_here:
                return found_here
    return {}


def _pyproject(text: str) -> dict[str, Any]:
    try:
        whole = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}
    project = whole.get("project")
    poetry = whole.get("tool", {}).get("poetry") if isinstance(whole.get("tool"), dict) else None
    return project if isinstance(project, dict) else poetry if isinstance(poetry, dict) else {}


def _package(text: str) -> dict[str, Any]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return whole if isinstance(whole, dict) else {}


def _facts(table: dict[str, Any], path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(table.get("name"), str):
        yield "name", found(slug(table["name"], "system"), path)
    for key, kind in (("version", words.Release), ("description", words.Text)):
        if _is(table.get(key), kind):
            yield key, found(table[key], path)


def _heading(by_path: dict[str, TextFile]) -> Value | None:
    for name in ("README.md", "readme.md", "Readme.md"):
        match = _HEADING.search(by_path[name].text) if name in by_path else None
        if match and _is(match[1].strip(), words.Text):
            return guessed(match[1].strip(), f"the heading of {name}")
    return None


def _code(repository: Repository) -> Value:
    """Return patterns that choose the code: one for each folder at the top, and the files beside them."""
    code = [each.path for each in repository.files if each.language in _CODE and each.path.endswith(_SUFFIXES)]
    # Tests and examples are no part of what is released.
    paths = [each for each in code if not is_aside(each)] or code
    patterns: dict[str, None] = {}
    for path in paths:
        top, _, rest = path.partition("/")
        suffix = path[path.rindex(".") :]
        pattern = f"{_literal(top)}/**/*{suffix}" if rest else _literal(path)
        if pattern is not None and _is(pattern, words.Glob) and _is(path, words.Path):
            patterns[pattern] = None
    return found(sorted(patterns), f"{len(paths)} file{'' if len(paths) == 1 else 's'} of code")


def _literal(name: str) -> str:
    """Return a name as a pattern that chooses it alone."""
    return re.sub(r"[*?\[]", "?", name)


def _locks(repository: Repository) -> Value:
    paths = [
        each.path for each in repository.files if each.language == "lock" and not each.path.endswith(".in") and _is(each.path, words.Path)
    ]
    return found(sorted(paths), "lock files of dependencies")


def _is(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, OverflowError):
        return False
    return True

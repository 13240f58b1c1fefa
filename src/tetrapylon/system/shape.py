"""Whether a table has the shape that a type asks for: every difference, each with its place.

msgspec stops at the first error and names types in its own words. This walk asks it about one value at a time,
finds all of them, and says it in the manifest's words; the types stay the only description of the shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from tetrapylon.kernel.canonical import Json
from tetrapylon.system.problem import Problem, did_you_mean, shown


def shape_problems(value: Json, kind: Any, path: str = "") -> Iterator[Problem]:
    """Yield where the value is not of the kind; nothing yielded means that it converts."""
    kind, words = _described(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _table(value, kind, path)
    elif get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis:
        yield from _list(value, get_args(kind)[0], path, words or "a list")
    elif get_origin(kind) is dict:
        names, values = get_args(kind)
        yield from _names(value, names, values, path)
    elif get_origin(kind) is Literal:
        yield from _choice(value, get_args(kind), path)
    else:
        yield from _single(value, kind, path, words)


@cache
def fields_of(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Return the fields of a type; msgspec works them out anew each time, which large manifests would feel."""
    return msgspec.structs.fields(kind)


def _described(kind: Any) -> tuple[Any, str]:
    """Return the kind without `| None` (a file cannot say it), and its description where it has one."""
    if get_origin(kind) in {Union, UnionType}:
        kinds = [each for each in get_args(kind) if each is not NoneType]
        return _described(kinds[0])
    if get_origin(kind) is Annotated:
        inner, meta = get_args(kind)[:2]
        # Anything that is not walked is left to msgspec, together with its constraints.
        walked = get_origin(inner) is tuple and get_args(inner)[-1] is Ellipsis
        return (inner if walked else kind), meta.description
    return kind, ""


def _table(value: Json, kind: type[msgspec.Struct], path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _unlike(value, "a table", path)
        return
    fields = {each.encode_name: each for each in fields_of(kind)}
    for key in value:
        if key not in fields:
            known = did_you_mean(str(key), fields) or f"known here: {', '.join(fields)}"
            yield Problem(_at(path, key), "is not a key that is known here", "unknown-key", known)
    for name, field in fields.items():
        if name in value:
            yield from shape_problems(value[name], field.type, _at(path, name))
        elif field.required:
            yield Problem(_at(path, name), "is missing", "missing-key", f"add {_wanted(field.type, name)}")


def _wanted(kind: Any, name: str) -> str:
    bare, words = _described(kind)
    if get_origin(bare) is Literal:
        words = _either(get_args(bare))
    return f"`{name}`: {words}" if words else f"`[{name}]`"


def _list(value: Json, kind: Any, path: str, words: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield _unlike(value, words, path)
        return
    seen: set[str] = set()
    for index, each in enumerate(value):
        yield from shape_problems(each, kind, f"{path}[{index}]")
        if isinstance(each, str):
            if each in seen:
                yield Problem(f"{path}[{index}]", f"says `{shown(each)}` again", "duplicate-value", "list it once")
            seen.add(each)


def _names(value: Json, key_kind: Any, kind: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _unlike(value, "a table", path)
        return
    for key, each in value.items():
        yield from _single(key, key_kind, _at(path, key), _described(key_kind)[1])
        yield from shape_problems(each, kind, _at(path, key))


def _choice(value: Json, choices: tuple[str, ...], path: str) -> Iterator[Problem]:
    if value not in choices:
        close = did_you_mean(value, choices) if isinstance(value, str) else ""
        yield Problem(path, f"is {_spoken(value)}; expected {_either(choices)}", "bad-value", close)


def _either(choices: tuple[str, ...]) -> str:
    quoted = [f"`{each}`" for each in choices]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _single(value: Json, kind: Any, path: str, words: str) -> Iterator[Problem]:
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, OverflowError):
        yield _unlike(value, words, path)
        return
    if isinstance(value, float) and not -float("inf") < value < float("inf"):
        yield _unlike(value, "a finite number", path)


def _unlike(value: Json, words: str, path: str) -> Problem:
    code = "bad-path" if "inside the folder" in words else "bad-value"
    return Problem(path, f"is {_spoken(value)}; expected {words}", code)


def _spoken(value: Json) -> str:
    """Return the value as a person would call it, safe to print."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int):
        # A number of millions of digits can be read from hexadecimal but not printed.
        return f"`{value}`" if abs(value) < 2**63 else "a number of more than 64 bits"
    if isinstance(value, float):
        return f"`{value}`"
    if isinstance(value, str):
        return f"`{shown(value)}`" if value else "empty"
    return {dict: "a table", list: "a list", NoneType: "nothing"}.get(type(value), "a date or time")


def _at(path: str, key: Json) -> str:
    name = shown(str(key))
    if not name or not name.replace("-", "").replace("_", "").isalnum():
        name = f'"{name}"'
    return f"{path}.{name}" if path else name

"""From pieces to the text of `tetrapylon.toml`, which always decodes.

Each value is held against the type that the manifest has for it: one that does not fit is left out and becomes something to
do, and so does an entry that lacks what it must have. Whatever names an entry that was left out is left out as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tetrapylon.app.drafting.ids import Ids
from tetrapylon.app.drafting.part import Mark, Part, Pieces, Ref, Value
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.text import printable
from tetrapylon.system import words
from tetrapylon.system.links import is_address
from tetrapylon.system.manifest import SCHEMA, Manifest, System
from tetrapylon.system.shape import shape_problems

ACTOR = "actor"
"""Stands for the table of a piece that is no entry of its own: somebody outside, whom flows name."""

_WIDTH = 44
"""Columns before the marks, so that they stand below each other."""

_ADDRESSES = (words.Url, words.Url | None)

_HEAD = """\
# What `tetrapylon init` found here. Each line says how it came about:
#   found    it was seen at this place
#   guessed  it was concluded; look whether it is true
#   to do    only you know
# Change what is wrong, then run `tetrapylon manifest check`.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table as it is written."""

    key: str
    value: Json
    mark: Mark
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is written."""

    table: str
    lines: tuple[Line, ...]
    todos: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """A manifest that decodes, with what is left to do."""

    entries: tuple[Entry, ...]
    todos: tuple[str, ...]

    def text(self) -> str:
        """Return the file."""
        blocks = [_HEAD + f'schema = "{SCHEMA}"\n', *(_block(each) for each in self.entries)]
        if self.todos:
            blocks.append("".join(f"# to do: {printable(each)}\n" for each in self.todos))
        return "\n".join(blocks)

    def counts(self) -> Counter[str]:
        """Return how many lines there are of each mark, and how many things to do."""
        marks: Counter[str] = Counter(line.mark for each in self.entries for line in each.lines)
        marks["to do"] += len(self.todos) + sum(len(each.todos) for each in self.entries)
        return marks

    def tables(self) -> Counter[str]:
        """Return how many entries each table has."""
        return Counter(each.table for each in self.entries)


def draft(pieces: Pieces) -> Draft:
    """Return the manifest that says what the pieces say, as far as a manifest can."""
    todos = list(pieces.todos)
    ids = Ids(taken=("gate",))
    actors = [each for each in pieces.parts if each.table == ACTOR]
    kept = [each for each in _ordered(pieces.parts) if _fits(each, todos)]
    for each in (*actors, *kept):
        if each.table != "flow" and ids.get(each.key) is None:
            ids.make(each.key, each.name, each.table)
    kept = _linked(kept, ids, todos)
    system = Entry("system", tuple(_lines(System, {**pieces.system, **_actors(actors)}, ids, todos, "system")), ())
    entries = [system, *(_entry(each, ids, todos) for each in kept)]
    gate = Entry("gate", (Line("profile", "start", "guessed", "the fewest practices, all of them measured"),), ())
    return Draft((*entries, gate), tuple(dict.fromkeys(todos)))


_TABLES: dict[str, Any] = {
    each.encode_name: each.type.__args__[0] for each in msgspec.structs.fields(Manifest) if getattr(each.type, "__origin__", None) is tuple
}


def _actors(actors: Sequence[Part]) -> dict[str, Value]:
    """Return the line that names the outside actors of flows."""
    if not actors:
        return {}
    return {"actors": Value(tuple(Ref(each.key) for each in actors), actors[0].origin.mark, actors[0].origin.note)}


def _ordered(parts: Sequence[Part]) -> list[Part]:
    """Return the entries table by table, each key once."""
    once = {each.key: each for each in reversed(parts) if each.table != ACTOR}
    order = list(_TABLES)
    position = {each.key: number for number, each in reversed(list(enumerate(parts)))}
    return sorted(once.values(), key=lambda each: (order.index(each.table), position[each.key]))


def _fits(part: Part, todos: list[str]) -> bool:
    """Return whether everything that must be there is there, and of its kind."""
    for each in msgspec.structs.fields(_TABLES[part.table]):
        if each.required and each.encode_name != "id":
            value = part.values.get(each.encode_name)
            if value is None or not (isinstance(value.value, Ref) or _of_kind(value.value, each.type)):
                todos.append(
                    f"declare a `[[{part.table}]]` for `{part.name}` ({part.origin.note}): its `{each.encode_name}` cannot be written"
                )
                return False
    if part.table == "model" and not any(_given(part, key) for key in ("path", "endpoint")):
        todos.append(f"declare the model `{part.name}` ({part.origin.note}): its path or address cannot be written")
        return False
    return True


def _given(part: Part, key: str) -> bool:
    value = part.values.get(key)
    return value is not None and _of_kind(value.value, _kind(_TABLES[part.table], key))


def _linked(parts: list[Part], ids: Ids, todos: list[str]) -> list[Part]:
    """Return the entries without those that must name one that is not there."""
    kept = []
    for part in parts:
        required = [each.encode_name for each in msgspec.structs.fields(_TABLES[part.table]) if each.required and each.encode_name != "id"]
        missing = [key for key in required if isinstance(one := part.values[key].value, Ref) and ids.get(one.key) is None]
        if missing:
            todos.append(f"a `[[{part.table}]]` of `{part.name}` ({part.origin.note}) leads to something that is not declared")
        else:
            kept.append(part)
    return kept


def _entry(part: Part, ids: Ids, todos: list[str]) -> Entry:
    own = ids.get(part.key)
    first = [] if own is None else [Line("id", own, part.origin.mark, part.origin.note)]
    return Entry(part.table, (*first, *_lines(_TABLES[part.table], part.values, ids, todos, part.name)), part.todos)


def _lines(table: Any, values: Mapping[str, Value], ids: Ids, todos: list[str], name: str) -> Iterator[Line]:
    for key, value in values.items():
        resolved = _resolved(value.value, ids)
        if resolved is None or resolved == []:
            continue
        if _of_kind(resolved, _kind(table, key)):
            yield Line(key, resolved, value.mark, value.note)
        else:
            todos.append(f"`{key}` of `{name}` could not be written ({value.note})")


def _resolved(value: Json | Ref | tuple[Ref, ...], ids: Ids) -> Json:
    if isinstance(value, Ref):
        found = ids.get(value.key)
        return None if found is None else f"{value.prefix}{found}"
    if isinstance(value, tuple):
        return list(dict.fromkeys(f"{each.prefix}{found}" for each in value if (found := ids.get(each.key)) is not None))
    return value


def _kind(table: Any, key: str) -> Any:
    return next(each.type for each in msgspec.structs.fields(table) if each.encode_name == key)


def _of_kind(value: Json, kind: Any) -> bool:
    """Return whether the manifest would take the value: held against the very rules that it is read by."""
    try:
        toml_value(value).encode()
    except UnicodeEncodeError:
        return False
    return not any(shape_problems(value, kind)) and (kind not in _ADDRESSES or is_address(value))


def _block(entry: Entry) -> str:
    head = f"[{entry.table}]" if entry.table in {"system", "gate"} else f"[[{entry.table}]]"
    lines = [head, *(_line(each) for each in entry.lines), *(f"# to do: {printable(each)}" for each in entry.todos)]
    return "\n".join(lines) + "\n"


def _line(line: Line) -> str:
    said = f"{line.key} = {toml_value(line.value)}"
    note = printable(line.note)
    return f"{said:<{_WIDTH}}  # {line.mark}{': ' if note else ''}{note}"


def toml_value(value: Json) -> str:
    """Return a value as TOML spells it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(toml_value(each) for each in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{toml_value(key)} = {toml_value(each)}' for key, each in value.items())} }}"
    return '"' + "".join(_character(each) for each in str(value)) + '"'


def _character(each: str) -> str:
    if each in '"\\':
        return f"\\{each}"
    # TOML allows neither control characters nor DEL within text.
    return each if each >= " " and each != "\x7f" else f"\\u{ord(each):04x}"

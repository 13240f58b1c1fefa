r"""Where the text in a file of Python comes from: followed through names, calls and functions of the same file, without running it.

*What it does*: says of an expression whether it may hold what a person sent, what was fetched or retrieved, or what a model
answered. Statements are read in order; a branch that leaves (`return`, `raise`) takes its own reading with it; functions are
read again while what they are called with, or what they return, grows. What it does not know it holds to be harmless:
objects of other libraries, attributes of other objects, and everything that is only known at run time.
*Why it matters*: `eval(answer)` is dangerous and `eval("1 + 1")` is not; only the way of the text tells them apart.

>>> code = PythonCode("a.py", ast.parse("answer = input()\nprint(f'you said {answer}')"))
>>> sorted(flow_of(code).origins(next(code.calls_of("print")).node.args[0]))
['person']
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import get_args
from weakref import WeakKeyDictionary

from tetrapylon.outside.repository.flowing import Reader
from tetrapylon.outside.repository.origins import AI, FETCHING, WEB, Origin
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.templates import Hole
from tetrapylon.outside.repository.valuing import NONE, Held
from tetrapylon.outside.repository.view import Repository

_ORIGINS: frozenset[str] = frozenset(get_args(Origin))


@dataclass(frozen=True, slots=True)
class Template:
    """A text with instructions that others' text was put into, and that a model was asked with."""

    node: ast.expr
    holes: tuple[Hole, ...]
    """What was put in, with the text that stands before and after it."""


@dataclass(frozen=True)
class Flow:
    """Where the text in one file comes from."""

    held: Mapping[int, Held] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    """The templates that a model was asked with, by what marks them."""

    returns: Mapping[str, Held] = field(default_factory=dict)
    """What the functions of the file return, where it comes from outside."""

    left: Mapping[str, Held] = field(default_factory=dict)
    """What the names of the file hold at its end."""

    def origins(self, node: ast.AST | None) -> frozenset[str]:
        """Return who may have written what an expression of this file holds."""
        return self.held.get(id(node), NONE) & _ORIGINS

    def template(self, node: ast.AST | None) -> Template | None:
        """Return the template that an expression of this file holds, if there is just one."""
        found = [self.templates[each] for each in self.held.get(id(node), NONE) if each in self.templates]
        return found[0] if len(found) == 1 else None


_NOTHING = Flow()
_KNOWN: WeakKeyDictionary[Repository, dict[int, Flow]] = WeakKeyDictionary()


def flow_of(code: PythonCode, known: Mapping[str, Held] | None = None, before: Mapping[str, Held] | None = None) -> Flow:
    """Return where the text in a file comes from.

    Args:
        code: the file
        known: what functions of other files return, by full name as this file spells it
        before: what names hold at the beginning, for the cells of a notebook
    """
    reader = Reader(code, known or {}, before or {})
    # A tree that is nested deeper than Python's stack is read as far as it goes.
    with suppress(RecursionError):
        reader.read()
    reached = {each: Template(*reader.templates[each]) for each in reader.reached if each in reader.templates}
    returns = {each.node.name: each.returns & _ORIGINS for each in reader.functions.values() if each.returns & _ORIGINS}
    return Flow(reader.held, reached, returns, reader.left)


def flows(repository: Repository) -> Iterator[tuple[PythonCode, Flow]]:
    """Yield every file of Python, and every cell of a notebook, in which text comes from outside, with where it goes.

    Functions that give what a model answered, or a person sent, are known in the files that import them, too.
    """
    kept = _KNOWN.get(repository)
    if kept is None:
        kept = _KNOWN[repository] = _read(repository)
    for code in repository.python:
        flow = kept.get(id(code))
        if flow is not None:
            yield code, flow


def _read(repository: Repository) -> dict[int, Flow]:
    found: dict[int, Flow] = {}
    given: dict[str, Held] = {}
    _round([each for each in repository.python if _may_matter(each)], {}, found)
    for code in repository.python:
        stem = code.path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
        given.update({f"{stem}.{name}": held for name, held in (found.get(id(code)) or _NOTHING).returns.items()})
    if given:
        _round([each for each in repository.python if _calls_given(each, given)], given, found)
    return found


def _round(codes: list[PythonCode], given: Mapping[str, Held], found: dict[int, Flow]) -> None:
    path, left = "", dict[str, Held]()
    for code in codes:
        before = left if code.cell and code.path == path else {}
        known = {full: held for full in code.imports.values() if (held := given.get(".".join(full.rsplit(".", 2)[-2:])))}
        flow = flow_of(code, known, before)
        path, left = code.path, {**before, **flow.left}
        if flow.held or id(code) in found:
            found[id(code)] = flow


def _may_matter(code: PythonCode) -> bool:
    return bool(code.cell) or not code.packages.isdisjoint(AI | WEB | FETCHING) or any(each.name == "input" for each in code.calls)


def _calls_given(code: PythonCode, given: Mapping[str, Held]) -> bool:
    return any(".".join(full.rsplit(".", 2)[-2:]) in given for full in code.imports.values())

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

from tetrapylon.outside.repository.flowing import Reader
from tetrapylon.outside.repository.handlers import functions_of
from tetrapylon.outside.repository.origins import may_bring
from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.templates import Hole
from tetrapylon.outside.repository.valuing import NONE, ORIGINS, Held
from tetrapylon.outside.repository.view import Repository


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

    handed: Mapping[str, Mapping[str, Held]] = field(default_factory=dict)
    """What functions of other files are called with: by `module.function`, then by the place or the name of the parameter."""

    def origins(self, node: ast.AST | None) -> frozenset[str]:
        """Return who may have written what an expression of this file holds."""
        return self.held.get(id(node), NONE) & ORIGINS

    def template(self, node: ast.AST | None) -> Template | None:
        """Return the template that an expression of this file holds, if there is just one."""
        found = [self.templates[each] for each in self.held.get(id(node), NONE) if each in self.templates]
        return found[0] if len(found) == 1 else None


_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Around:
    """What is known round a file before it is read."""

    returns: Mapping[str, Held] = field(default_factory=dict)
    """What functions of other files return, by `module.function`."""

    given: Mapping[str, dict[str, Held]] = field(default_factory=dict)
    """What other files call the functions of this one with, by the place or the name of a parameter."""

    before: Mapping[str, Held] = field(default_factory=dict)
    """What names hold at the beginning, for the cells of a notebook."""


def flow_of(code: PythonCode, around: Around | None = None) -> Flow:
    """Return where the text in a file comes from."""
    given = around or Around()
    reader = Reader(code, given.returns, given.before, given.given)
    # A tree that is nested deeper than Python's stack is read as far as it goes.
    with suppress(RecursionError):
        reader.read()
    reached = {each: Template(*reader.templates[each]) for each in reader.reached if each in reader.templates}
    returns = {each.node.name: each.returns & ORIGINS for each in reader.functions.values() if each.returns & ORIGINS}
    handed = {name: kept for name, each in reader.handed.items() if (kept := {key: held for key, held in each.items() if held})}
    return Flow(reader.held, reached, returns, reader.left, handed)


def flows(repository: Repository) -> Iterator[tuple[PythonCode, Flow]]:
    """Yield every file of Python, and every cell of a notebook, in which text comes from outside, with where it goes.

    What functions return, and what they are called with, is known in the files that import them, too.
    """
    found = repository.once("tetrapylon.outside.repository.flow", _read)
    for code in repository.python:
        flow = found.get(id(code))
        if flow is not None:
            yield code, flow


def _read(repository: Repository) -> dict[int, Flow]:
    found: dict[int, Flow] = {}
    met: dict[int, Around] = {}
    codes = [each for each in repository.python if may_bring(each)]
    for _ in range(_ROUNDS):
        path, left = "", dict[str, Held]()
        for code in codes:
            around = met.setdefault(id(code), Around(before=left if code.cell and code.path == path else {}))
            found[id(code)] = flow_of(code, around)
            path, left = code.path, {**around.before, **found[id(code)].left}
        codes = _learners(repository, found, met)
    return {number: flow for number, flow in found.items() if flow.held}


def _learners(repository: Repository, found: Mapping[int, Flow], met: dict[int, Around]) -> list[PythonCode]:
    """Return the files that are to be read again, because others return more, or call them with more, than was known."""
    returns: dict[str, dict[str, Held]] = {}
    given: dict[str, dict[str, dict[str, Held]]] = {}
    for code in repository.python:
        flow = found.get(id(code))
        if flow is not None:
            if flow.returns:
                returns.setdefault(_stem(code), {}).update(flow.returns)
            for name, handed in flow.handed.items():
                stem, _, function = name.rpartition(".")
                at = given.setdefault(stem, {}).setdefault(function, {})
                at.update({key: at.get(key, NONE) | held for key, held in handed.items()})
    learners: list[PythonCode] = []
    for code in repository.python:
        before = met.get(id(code), Around())
        around = Around(_named(code, returns), _own(code, given.get(_stem(code))), before.before)
        if (around.returns, around.given) != (before.returns, before.given):
            met[id(code)] = around
            learners.append(code)
    return learners


def _named(code: PythonCode, returns: Mapping[str, Mapping[str, Held]]) -> dict[str, Held]:
    """Return what those functions of other files return that this file imports, by itself or by their module."""
    words = {word for full in code.imports.values() for word in full.rsplit(".", 2)[-2:]} - {_stem(code)} if returns else set()
    return {f"{word}.{name}": held for word in words & returns.keys() for name, held in returns[word].items()}


def _own(code: PythonCode, given: Mapping[str, dict[str, Held]] | None) -> dict[str, dict[str, Held]]:
    """Return what others hand to those functions that this file has: other files may have the same short name."""
    return {each.name: given[each.name] for each in functions_of(code) if each.name in given} if given else {}


def _stem(code: PythonCode) -> str:
    return code.path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]

"""Where names of Python get their values: functions and their parameters, assignments, classes, modules of the repository."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.view import Repository

_MOST = 8
_LONGEST = 20_000
"""Nodes of a function that are looked at for what it returns."""


@dataclass(eq=False)
class Function:
    """One function with what its parameters are by default."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    outer: Function | None
    called: str
    """The name that calls use: that of the class for `__init__`."""

    parameters: dict[str, tuple[int, ast.expr | None]]
    """Their positions and defaults by name."""

    options: dict[str, list[ast.expr]] = field(default_factory=dict)
    """Defaults that a decorator of a command line gives."""

    assigned: dict[str, list[ast.expr]] = field(default_factory=dict)


@dataclass(eq=False)
class _Names:
    """The functions and assignments of one piece of Python."""

    functions: list[Function]
    starts: list[int]
    assigned: dict[str, list[ast.expr]]


class Scopes:
    """What names and attributes may be, over a repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._names: dict[int, _Names] = {}
        self._targets: dict[int, dict[int, str]] = {}
        self._returns: dict[int, list[ast.expr]] = {}
        self._entered: dict[int, dict[tuple[str, str], list[ast.expr]]] = {}

    def function_at(self, code: PythonCode, node: ast.AST) -> Function | None:
        """Return the innermost function that a node stands in."""
        names = self._names_of(code)
        line = getattr(node, "lineno", 0)
        index = bisect_right(names.starts, line) - 1
        function = names.functions[index] if index >= 0 else None
        while function is not None and (function.node.end_lineno or 0) < line:
            function = function.outer
        return function

    def assigned(self, code: PythonCode, name: str, function: Function | None) -> list[ast.expr]:
        """Return what a name is given in a function, or outside of all."""
        found = (function.assigned if function else self._names_of(code).assigned).get(name, [])
        if not found and function is None and code.before is not None:
            return self.assigned(code.before, name, None)
        return found[:_MOST]

    @cached_property
    def attributes(self) -> Mapping[str, list[tuple[PythonCode, ast.expr]]]:
        """What attributes are given: in classes, on objects, by parsers of arguments, by keywords of classes of ours."""
        found: dict[str, list[tuple[PythonCode, ast.expr]]] = {}
        for code in self._repository.python:
            for name, value in _attributes(code):
                found.setdefault(name, []).append((code, value))
        for name, owner in self._fields_without_default.items():
            for code, call in self._repository.calls_of(owner):
                given = call.argument(name)
                if given is not None:
                    found.setdefault(name, []).append((code, given))
        return found

    @cached_property
    def _fields_without_default(self) -> dict[str, str]:
        return {
            each.target.id: node.name
            for code in self._repository.python
            for node in code.nodes.get(ast.ClassDef, ())
            if isinstance(node, ast.ClassDef)
            for each in node.body
            if isinstance(each, ast.AnnAssign) and each.value is None and isinstance(each.target, ast.Name)
        }

    @cached_property
    def _functions(self) -> Mapping[str, list[tuple[PythonCode, Function]]]:
        found: dict[str, list[tuple[PythonCode, Function]]] = {}
        for code in self._repository.python:
            for each in self._names_of(code).functions:
                found.setdefault(each.node.name, []).append((code, each))
        return found

    def returned(self, code: PythonCode, name: str) -> Iterator[tuple[PythonCode, ast.expr]]:
        """Yield what a function of the repository returns, if there is just one of this name."""
        found = self._functions.get(name.rpartition(".")[2], [])
        near = [each for each in found if each[0].path == code.path] or found
        if len(near) == 1:
            where, function = near[0]
            if id(function) not in self._returns:
                nodes = islice(ast.walk(function.node), _LONGEST)
                self._returns[id(function)] = [each.value for each in nodes if isinstance(each, ast.Return) and each.value is not None]
            yield from ((where, each) for each in self._returns[id(function)][:_MOST])

    def targets(self, code: PythonCode) -> Mapping[int, str]:
        """Return the names that the values of a piece of Python are given, by the `id` of their nodes."""
        if id(code) not in self._targets:
            pairs = ((each, _target(each)) for kind in (ast.Assign, ast.AnnAssign) for each in code.nodes.get(kind, ()))
            self._targets[id(code)] = {id(getattr(node, "value", None)): name for node, name in pairs if name}
        return self._targets[id(code)]

    def entered(self, code: PythonCode) -> Mapping[tuple[str, str], list[ast.expr]]:
        """Return what entries of things are given in a piece of Python, by how the thing is spelt and the key."""
        if id(code) not in self._entered:
            found: dict[tuple[str, str], list[ast.expr]] = {}
            for node in code.nodes.get(ast.Assign, ()):
                target = node.targets[0] if isinstance(node, ast.Assign) else None
                key = target.slice if isinstance(target, ast.Subscript) else None
                if (
                    isinstance(node, ast.Assign)
                    and isinstance(target, ast.Subscript)
                    and isinstance(key, ast.Constant)
                    and isinstance(key.value, str)
                ):
                    found.setdefault((ast.unparse(target.value), key.value), []).append(node.value)
            self._entered[id(code)] = found
        return self._entered[id(code)]

    def dictionaries(self, code: PythonCode, node: ast.expr, depth: int) -> Iterator[tuple[PythonCode, ast.Dict]]:
        """Yield the literal dictionaries that an expression may be."""
        for where, value in self._expressions(code, node):
            if isinstance(value, ast.Dict):
                yield where, value
            elif isinstance(value, ast.Subscript) and depth < _MOST and value is not node:
                for there, inner in self.dictionaries(where, value.value, depth + 1):
                    yield from ((there, each) for each in inner.values if isinstance(each, ast.Dict))

    def _expressions(self, code: PythonCode, node: ast.expr) -> Iterator[tuple[PythonCode, ast.expr]]:
        if isinstance(node, ast.Dict | ast.Subscript):
            yield code, node
        elif isinstance(node, ast.Name):
            function = self.function_at(code, node)
            found = (self.assigned(code, node.id, function) if function else []) or self.assigned(code, node.id, None)
            yield from ((code, each) for each in found)
            for module, name in self.module_of(code, code.imports.get(node.id, "")):
                yield from ((module, each) for each in self.assigned(module, name, None))
        elif isinstance(node, ast.Attribute):
            yield from self.attributes.get(node.attr, [])[:_MOST]
            for module, name in self.module_of(code, code.name_of(node)):
                yield from ((module, each) for each in self.assigned(module, name, None))

    def module_of(self, code: PythonCode, full: str) -> Iterator[tuple[PythonCode, str]]:
        """Yield the module of the repository that an imported name comes from, and the name in it."""
        package, _, name = full.rpartition(".")
        dots = len(full) - len(full.lstrip("."))
        words = [each for each in package.split(".") if each]
        if dots:
            words = [*code.path.split("/")[:-dots], *words]
        if not words or not name:
            return
        folder = code.path.rpartition("/")[0]
        ends = [f"/{'/'.join(words)}{rest}" for rest in (".py", "/__init__.py")]
        found = [each for end in ends for each in self._modules.get(end.rpartition("/")[2], ()) if f"/{each.path}".endswith(end)]
        # What lies beside is meant rather than what has the same name elsewhere.
        found.sort(key=lambda each: not each.path.startswith(folder))
        yield from ((each, name) for each in found[:1])

    @cached_property
    def _modules(self) -> Mapping[str, list[PythonCode]]:
        found: dict[str, list[PythonCode]] = {}
        for code in self._repository.python:
            if not code.cell:
                found.setdefault(code.path.rpartition("/")[2], []).append(code)
        return found

    def _names_of(self, code: PythonCode) -> _Names:
        if id(code) not in self._names:
            self._names[id(code)] = self._made(code)
        return self._names[id(code)]

    def _made(self, code: PythonCode) -> _Names:
        functions = _functions(code)
        names = _Names(functions, [each.node.lineno for each in functions], {})
        self._names[id(code)] = names
        for name, value in _assignments(code):
            function = self.function_at(code, value)
            (function.assigned if function else names.assigned).setdefault(name, []).append(value)
        return names


def _target(node: ast.AST) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""


def scopes_of(repository: Repository) -> Scopes:
    """Return the scopes of a repository, made once."""
    return repository.once("scopes", Scopes)


def _functions(code: PythonCode) -> list[Function]:
    nodes = [*code.nodes.get(ast.FunctionDef, ()), *code.nodes.get(ast.AsyncFunctionDef, ())]
    classes = {id(each): node.name for node in code.nodes.get(ast.ClassDef, ()) if isinstance(node, ast.ClassDef) for each in node.body}
    found: list[Function] = []
    for node in sorted((each for each in nodes if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)), key=lambda each: each.lineno):
        outer = found[-1] if found else None
        while outer is not None and (outer.node.end_lineno or 0) < node.lineno:
            outer = outer.outer
        owner = classes.get(id(node))
        called = owner if owner and node.name == "__init__" else node.name
        found.append(Function(node, outer, called, _parameters(node.args, method=owner is not None), _options(node)))
    return found


def _parameters(arguments: ast.arguments, *, method: bool) -> dict[str, tuple[int, ast.expr | None]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(positional) - len(arguments.defaults)), *arguments.defaults]
    found = {each.arg: (number - method, default) for number, (each, default) in enumerate(zip(positional, defaults, strict=True))}
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found | {each.arg: (1_000, default) for each, default in named}


def _options(node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, list[ast.expr]]:
    """Return the defaults that `@click.option("--model", default=...)` and the like give."""
    found: dict[str, list[ast.expr]] = {}
    for each in node.decorator_list:
        if isinstance(each, ast.Call):
            names, default = _option(each)
            if default is not None:
                for name in names:
                    found.setdefault(name, []).append(default)
    return found


def _option(call: ast.Call) -> tuple[list[str], ast.expr | None]:
    flags = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    named = {each.arg: each.value for each in call.keywords}
    chosen = named.get("dest")
    if isinstance(chosen, ast.Constant):
        flags = [str(chosen.value)]
    return [each.lstrip("-").replace("-", "_") for each in flags], named.get("default")


def _assignments(code: PythonCode) -> Iterator[tuple[str, ast.expr]]:
    for node in (*code.nodes.get(ast.Assign, ()), *code.nodes.get(ast.AnnAssign, ()), *code.nodes.get(ast.NamedExpr, ())):
        value = getattr(node, "value", None)
        for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
            if isinstance(target, ast.Name) and value is not None:
                yield target.id, value
    for node in (*code.nodes.get(ast.For, ()), *code.nodes.get(ast.comprehension, ())):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            yield node.target.id, node.iter
    for node in code.nodes.get(ast.withitem, ()):
        if isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            yield node.optional_vars.id, node.context_expr


def _attributes(code: PythonCode) -> Iterator[tuple[str, ast.expr]]:
    for node in code.nodes.get(ast.ClassDef, ()):
        assert isinstance(node, ast.ClassDef)
        for each in node.body:
            targets = each.targets if isinstance(each, ast.Assign) else [each.target] if isinstance(each, ast.AnnAssign) else []
            value = getattr(each, "value", None)
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name) and value is not None)
    for node in code.nodes.get(ast.Assign, ()):
        assert isinstance(node, ast.Assign)
        yield from ((target.attr, node.value) for target in node.targets if isinstance(target, ast.Attribute))
    for call in code.calls_of("add_argument"):
        names, default = _option(call.node)
        if default is not None:
            yield from ((name, default) for name in names)

"""What an expression of Python may be as text, without running anything: constants, defaults, settings, the environment.

`settings.model` is sought in the classes, dictionaries, arguments and configuration files of the whole repository, because
that is where people put the names of models. Everything is bounded: few candidates, few steps.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from tetrapylon.outside.repository.configs import by_last_key, variables_of
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.scopes import Function, Scopes, scopes_of
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Place

_DEPTH = 12
_MOST = 12
_CALLS = 4
"""Calls of a function that are looked at for what it is given."""
_STEPS = 400
"""Expressions that are looked at to resolve one: names that mean each other in circles would multiply."""

_THROUGH = frozenset({
    "Path", "PurePath", "PosixPath", "str", "cast", "Field", "field", "Option", "Argument", "Query", "Form", "expanduser", "abspath",
    "resolve", "realpath", "strip", "lower", "rstrip", "SecretStr", "mapped_column", "as_posix", "absolute", "fspath", "Literal",
    "default", "Setting",
    "dedent", "cleandoc", "read_text", "load_prompt", "open", "BytesIO", "format", "partial",
})  # fmt: skip
"""What a text goes through and stays what it is, for our purpose."""

_LOOKUPS = frozenset({"getenv", "get", "env", "config", "getattr", "pop", "setdefault", "str_env", "get_env", "Config", "secret"})
_CHOICES = frozenset(
    {"selectbox", "radio", "select_slider", "text_input", "multiselect", "segmented_control", "pills", "Dropdown", "Radio", "Select"}
)
"""Fields of demos in which a user chooses."""

_ARGUED = frozenset({"args", "opts", "options", "kwargs", "config", "cfg", "conf", "params", "parameters", "settings", "hparams", "flags"})
"""What people call the arguments that a program was started with."""

_JOINS = frozenset({"join", "joinpath", "with_name"})


class Text(NamedTuple):
    """One text that an expression may be, and where it stands."""

    text: str
    at: Place


class Values:
    """The texts of expressions in one repository."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.scopes: Scopes = scopes_of(repository)
        self._left = _STEPS
        self._met: set[tuple[int, str]] = set()
        self._callers: dict[str, list[tuple[PythonCode, Call]]] = {}
        self._kinds: Mapping[type[ast.AST], Callable[[PythonCode, ast.AST, int], Iterator[Text]]] = {
            ast.Constant: self._constant,
            ast.JoinedStr: self._joined,
            ast.BinOp: self._binary,
            ast.BoolOp: self._each_of,
            ast.IfExp: self._either,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.NamedExpr: self._inner,
            ast.Await: self._inner,
            ast.Starred: self._inner,
            ast.List: self._elements,
            ast.Tuple: self._elements,
            ast.Set: self._elements,
            ast.Lambda: self._lambda,
        }

    def texts(self, code: PythonCode, node: ast.AST | None, depth: int = 0) -> list[Text]:
        """Return the texts that an expression may be, the likeliest first, none if nothing is known."""
        if depth == 0:
            self._left = _STEPS
            self._met.clear()
        self._left -= 1
        look = self._kinds.get(type(node)) if node is not None and depth < _DEPTH and self._left > 0 else None
        if look is None or node is None:
            return []
        return list(dict.fromkeys(islice(look(code, node, depth + 1), _MOST)))

    def text(self, code: PythonCode, node: ast.AST | None, depth: int = 0) -> str | None:
        """Return the likeliest text, or None."""
        found = self.texts(code, node, depth)
        return found[0].text if found else None

    def _constant(self, code: PythonCode, node: ast.AST, _: int) -> Iterator[Text]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield Text(node.value, code.at(node))

    def _joined(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.JoinedStr)
        parts = [each.value if isinstance(each, ast.FormattedValue) else each for each in node.values]
        known = [[text for text, _ in self.texts(code, each, depth)] for each in parts]
        if all(known):
            yield from (Text("".join(each), code.at(node)) for each in _products(known))

    def _binary(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.BinOp)
        left, right = self.texts(code, node.left, depth), self.texts(code, node.right, depth)
        if isinstance(node.op, ast.Div):
            yield from _paths([left, right], code.at(node))
        elif isinstance(node.op, ast.Add) and self.scopes.targets(code).get(id(node), "?") in {_spelt(node.left), _spelt(node.right)}:
            # What adds to itself is what it was before, as far as anybody can tell.
            yield from left or right
        elif isinstance(node.op, ast.Add) and left and right:
            yield from (Text("".join(each), left[0].at) for each in _products([[text for text, _ in side] for side in (left, right)]))
        elif isinstance(node.op, ast.Mod):
            yield from left

    def _each_of(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.BoolOp)
        for each in node.values:
            yield from self.texts(code, each, depth)

    def _elements(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.List | ast.Tuple | ast.Set)
        for each in node.elts:
            yield from self.texts(code, each, depth)

    def _either(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.IfExp)
        yield from self.texts(code, node.body, depth)
        yield from self.texts(code, node.orelse, depth)

    def _inner(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.NamedExpr | ast.Await | ast.Starred)
        yield from self.texts(code, node.value, depth)

    def _lambda(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.Lambda)
        yield from self.texts(code, node.body, depth)

    def _name(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.Name)
        function = self.scopes.function_at(code, node)
        while function is not None:
            if node.id in function.parameters:
                yield from self._parameter(code, function, node.id, depth)
            for value in self.scopes.assigned(code, node.id, function):
                yield from self.texts(code, value, depth)
            function = function.outer
        for value in self.scopes.assigned(code, node.id, None):
            yield from self.texts(code, value, depth)
        if node.id in code.imports:
            yield from self._imported(code, code.imports[node.id], depth)

    def _parameter(self, code: PythonCode, function: Function, name: str, depth: int) -> Iterator[Text]:
        position, default = function.parameters[name]
        if default is not None:
            yield from self.texts(code, default, depth)
        for option in function.options.get(name, ()):
            yield from self.texts(code, option, depth)
        met = (id(function), name)
        if depth < _DEPTH - 3 and met not in self._met:
            # Functions that hand on what they are given would be gone through again and again.
            self._met.add(met)
            for caller, call in self._calls_of(function.called):
                if (given := call.argument(name, position)) is not None:
                    yield from self.texts(caller, given, depth + 2)

    def _calls_of(self, name: str) -> list[tuple[PythonCode, Call]]:
        """Return the first calls of a function, sought once."""
        if name not in self._callers:
            found = ((code, call) for code, call in self.repository.calls_of(name) if self._is_ours(code, call, name))
            self._callers[name] = list(islice(found, _CALLS))
        return self._callers[name]

    def _is_ours(self, code: PythonCode, call: Call, name: str) -> bool:
        """Whether a call may reach a function of this repository: `torch.load` is no call of a `load` that stands here."""
        return call.name in {name, f"?.{name}"} or call.name.startswith("?") or any(True for _ in self.scopes.module_of(code, call.name))

    def _imported(self, code: PythonCode, full: str, depth: int) -> Iterator[Text]:
        for module, name in self.scopes.module_of(code, full):
            for value in self.scopes.assigned(module, name, None):
                yield from self.texts(module, value, depth)

    def _attribute(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.Attribute)
        if node.attr in {"value", "content", "text"}:
            yield from self.texts(code, node.value, depth)
        if isinstance(node.value, ast.Name) and node.value.id in code.imports:
            yield from self._imported(code, f"{code.imports[node.value.id]}.{node.attr}", depth)
        found = self.scopes.attributes.get(node.attr, [])
        near = [each for each in found if each[0].path == code.path]
        for where, value in (near or found)[:_MOST]:
            yield from self.texts(where, value, depth)
        if not found:
            yield from self._configured(_keys(node), depth)

    def _subscript(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.Subscript)
        for where, each in self.scopes.dictionaries(code, node.value, depth):
            yield from self._in_dictionary(where, each, node.slice, depth)
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            yield from self._entered(code, node.value, node.slice.value, depth)
        key = self.text(code, node.slice, depth) if isinstance(node.slice, ast.Name | ast.Constant | ast.Attribute) else None
        if key and code.name_of(node.value).endswith("environ"):
            yield from (Text(*each) for each in variables_of(self.repository).get(key, ()))
        elif keys := _keys(node):
            if keys[-1].isupper():
                # `app.config["MODEL_PATH"]` is an attribute of a class of settings in Flask and Django.
                for where, value in self.scopes.attributes.get(keys[-1], [])[:_MOST]:
                    yield from self.texts(where, value, depth)
            yield from self._configured(keys, depth)

    def _entered(self, code: PythonCode, held: ast.expr, key: str, depth: int) -> Iterator[Text]:
        """Yield what an entry is given elsewhere in the file: `session["model"] = "..."`, and arguments of the command line."""
        spelt = ast.unparse(held) if isinstance(held, ast.Name | ast.Attribute) else ""
        for value in self.scopes.entered(code).get((spelt, key), [])[:_MOST]:
            yield from self.texts(code, value, depth)
        yield from self._argued(held, key, depth)

    def _in_dictionary(self, code: PythonCode, node: ast.Dict, key: ast.expr, depth: int) -> Iterator[Text]:
        wanted = key.value if isinstance(key, ast.Constant) else None
        for name, value in zip(node.keys, node.values, strict=True):
            if wanted is None or (isinstance(name, ast.Constant) and name.value == wanted):
                yield from self.texts(code, value, depth)

    def _configured(self, keys: tuple[str, ...], _: int) -> Iterator[Text]:
        if not keys:
            return
        found = by_last_key(self.repository).get(keys[-1], [])
        exact = [each for each in found if tuple(key for key in each.keys if key != "[]")[-len(keys) :] == keys]
        yield from (Text(each.text, each.at) for each in (exact or (found if len(found) == 1 else [])))

    def _call(self, code: PythonCode, node: ast.AST, depth: int) -> Iterator[Text]:
        assert isinstance(node, ast.Call)
        call = Call(code.name_of(node.func), node, code.at(node))
        word = call.name.rpartition(".")[2]
        if isinstance(node.func, ast.Attribute) and word == "?":
            word = node.func.attr
        if word in _LOOKUPS:
            yield from self._looked_up(code, call, depth)
        elif word in _CHOICES:
            for each in (call.argument("options", 1), call.argument("choices"), call.argument("value")):
                yield from self.texts(code, each, depth)
        elif word in _JOINS:
            yield from self._path(code, call, depth)
        elif word in _THROUGH:
            yield from self._through(code, call, depth)
        else:
            for where, value in self.scopes.returned(code, call.name):
                yield from self.texts(where, value, depth + 1)

    def _looked_up(self, code: PythonCode, call: Call, depth: int) -> Iterator[Text]:
        if not call.node.args:
            return
        attribute = call.name.endswith("getattr")
        key = call.argument("key", 1 if attribute else 0)
        yield from self.texts(code, call.argument("default", 2 if attribute else 1), depth)
        name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        if name:
            yield from (Text(*each) for each in variables_of(self.repository).get(name, ()))
            if isinstance(call.node.func, ast.Attribute):
                for where, each in self.scopes.dictionaries(code, call.node.func.value, depth):
                    yield from self._in_dictionary(where, each, ast.Constant(name), depth)
                yield from self._configured((*_keys(call.node.func.value), name), depth)
                yield from self._argued(call.node.func.value, name, depth)

    def _argued(self, held: ast.expr, name: str, depth: int) -> Iterator[Text]:
        """Yield what an argument of the command line is by default, where one is taken out of all of them by its name."""
        if isinstance(held, ast.Name) and held.id in _ARGUED:
            for where, value in self.scopes.attributes.get(name, [])[:_MOST]:
                yield from self.texts(where, value, depth)

    def _path(self, code: PythonCode, call: Call, depth: int) -> Iterator[Text]:
        parts = [self.texts(code, each, depth) for each in call.node.args]
        if isinstance(call.node.func, ast.Attribute) and not call.name.startswith(("os.", "posixpath.")):
            parts.insert(0, self.texts(code, call.node.func.value, depth))
        yield from _paths(parts, call.at)

    def _through(self, code: PythonCode, call: Call, depth: int) -> Iterator[Text]:
        for name in ("default", "default_factory"):
            yield from self.texts(code, call.argument(name), depth)
        if isinstance(call.node.func, ast.Attribute):
            yield from self.texts(code, call.node.func.value, depth)
        if call.name.rpartition(".")[2] in {"Path", "PurePath"} and len(call.node.args) > 1:
            yield from self._path(code, Call("os.path.join", call.node, call.at), depth)
        for each in call.node.args[: 2 if call.name.endswith("cast") else 1]:
            yield from self.texts(code, each, depth)


def values_of(repository: Repository) -> Values:
    """Return the texts of expressions in a repository, made once."""
    return repository.once("values", Values)


def _spelt(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _products(parts: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """Yield what several parts may be together: all that the first part may be of which there is a choice, the likeliest of the others."""
    several = next((number for number, each in enumerate(parts) if len(each) > 1), 0)
    if parts:
        yield from (tuple(text if number == several else each[0] for number, each in enumerate(parts)) for text in parts[several])


def _paths(parts: list[list[Text]], at: Place) -> Iterator[Text]:
    """Yield one path of several parts; those that are not known at its beginning are left out."""
    known = [[text for text, _ in part] for part in parts]
    while known and not known[0]:
        known.pop(0)
    if known and all(known):
        yield from (Text(posixpath.join(*each), at) for each in _products(known))


def _keys(node: ast.expr) -> tuple[str, ...]:
    """Return the keys and attributes by which an expression goes into something, from the outermost."""
    keys: list[str] = []
    while True:
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            keys.append(node.slice.value)
        elif isinstance(node, ast.Attribute):
            keys.append(node.attr)
        elif not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"):
            break
        node = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else getattr(node, "value", node)
    return tuple(reversed(keys))

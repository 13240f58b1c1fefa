"""One parsed piece of Python: what its names mean in full, and its calls by that name.

Nothing is imported or run. A name is resolved through the imports of the same file alone: `AutoModel.from_pretrained`
after `from transformers import AutoModel` is `transformers.AutoModel.from_pretrained`; what hangs on a value is `?.name`.
In a notebook the cells before count as the same file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tetrapylon.outside.repository.limits import LIMITS
from tetrapylon.outside.repository.parsing import Nodes, indexed
from tetrapylon.system.finding import Place

_ENDS = re.compile(r"[._]|$")


@dataclass(frozen=True, slots=True)
class Call:
    """One call."""

    name: str
    """The callee in full, `?.method` where it hangs on a value that is not an import."""

    node: ast.Call
    at: Place

    def argument(self, name: str, position: int | None = None) -> ast.expr | None:
        """Return an argument by its name, or by its position from 0, or None."""
        for each in self.node.keywords:
            if each.arg == name:
                return each.value
        given = self.node.args
        if position is None or not 0 <= position < len(given) or any(isinstance(each, ast.Starred) for each in given[: position + 1]):
            return None
        return given[position]


@dataclass(frozen=True)
class PythonCode:
    """One Python file, or one cell of a notebook."""

    path: str
    tree: ast.Module
    cell: int = 0
    before: PythonCode | None = field(default=None, repr=False, compare=False)
    """The cell before this one in the same notebook."""

    def at(self, node: ast.AST) -> Place:
        """Return the place of a node."""
        return Place(self.path, getattr(node, "lineno", 0), self.cell)

    @cached_property
    def nodes(self) -> Nodes:
        """Every node by its type, in the order of the text: the tree is walked once for everybody.

        Operators and contexts (`ast.Add`, `ast.Load`) are not among them.
        """
        return indexed(self.tree, LIMITS)

    @cached_property
    def imports(self) -> Mapping[str, str]:
        """What each imported name means in full."""
        own = (pair for kind in (ast.Import, ast.ImportFrom) for node in self.nodes.get(kind, ()) for pair in _imported(node))
        return {**(self.before.imports if self.before else {}), **dict(own)}

    @cached_property
    def packages(self) -> frozenset[str]:
        """The packages that are imported, by their first word."""
        return frozenset(each.partition(".")[0] for each in self.imports.values())

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Everything that the full names of imports begin with, up to a dot or an underscore: `langchain` of `langchain_openai.X`."""
        return frozenset(full[: each.start()] for full in self.imports.values() for each in _ENDS.finditer(full))

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call, in order."""
        return tuple(self._call(each) for each in self.nodes.get(ast.Call, ()) if isinstance(each, ast.Call))

    def _call(self, node: ast.Call) -> Call:
        return Call(self.name_of(node.func), node, self.at(node))

    @cached_property
    def _by_last_word(self) -> Mapping[str, list[ast.Call]]:
        found: dict[str, list[ast.Call]] = {}
        for node in self.nodes.get(ast.Call, ()):
            if isinstance(node, ast.Call):
                found.setdefault(self._last_word(node.func), []).append(node)
        return found

    def _last_word(self, function: ast.expr) -> str:
        if isinstance(function, ast.Attribute):
            return function.attr
        return self.imports.get(function.id, function.id).rpartition(".")[2] if isinstance(function, ast.Name) else "?"

    def calls_of(self, *names: str) -> Iterator[Call]:
        """Yield the calls whose full name is, or ends with a dot and, one of the names, in order."""
        words = dict.fromkeys(each.rpartition(".")[2] for each in names)
        nodes = [node for word in words for node in self._by_last_word.get(word, ())]
        if len(words) > 1 and len(nodes) > 1:
            nodes.sort(key=lambda node: (node.lineno, node.col_offset))
        ends = tuple(f".{each}" for each in names)
        for node in nodes:
            call = self._call(node)
            if call.name in names or call.name.endswith(ends):
                yield call

    @property
    def called(self) -> frozenset[str]:
        """The last words of everything that is called."""
        return frozenset(self._by_last_word)

    def name_of(self, node: ast.expr) -> str:
        """Return the full name that an expression spells, `?` where it spells none."""
        words: list[str] = []
        while isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            first = self.imports.get(node.id)
            if first is None:
                first = "?" if words else node.id
        else:
            first = "?"
        return ".".join((first, *reversed(words)))

    @cached_property
    def constants(self) -> Mapping[str, str]:
        """Text that a name is given once, anywhere in the file."""
        found: dict[str, list[str | None]] = {}
        for node in (*self.nodes.get(ast.Assign, ()), *self.nodes.get(ast.AnnAssign, ())):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
            elif isinstance(node, ast.AnnAssign):
                target = node.target
            else:
                continue
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                found.setdefault(target.id, []).append(literal(node.value))
        own = {name: texts[0] if len(texts) == 1 else None for name, texts in found.items()}
        whole = {**(self.before.constants if self.before else {}), **own}
        return {name: text for name, text in whole.items() if text is not None}

    def string(self, node: ast.expr | None) -> str | None:
        """Return the text that an expression is known to be: a literal, or a name that is given one once."""
        if isinstance(node, ast.Name):
            return self.constants.get(node.id)
        return None if node is None else literal(node)


def literal(node: ast.expr) -> str | None:
    """Return the text of a literal, with `{}` where an f-string has a hole."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = literal(node.left), literal(node.right)
        return None if left is None or right is None else left + right
    return None


def _imported(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for each in node.names:
            # `import a.b` binds `a`; `import a.b as c` binds `a.b`.
            first = each.name.partition(".")[0]
            yield (each.asname, each.name) if each.asname else (first, first)
    elif isinstance(node, ast.ImportFrom):
        package = f"{'.' * node.level}{node.module or ''}"
        for each in node.names:
            yield each.asname or each.name, f"{package}.{each.name}" if node.module else f"{package}{each.name}"

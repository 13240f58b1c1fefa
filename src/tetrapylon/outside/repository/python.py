"""One parsed piece of Python: what its names mean in full, and its calls by that name.

Nothing is imported or run. A name is resolved through the imports of the same file alone: `AutoModel.from_pretrained`
after `from transformers import AutoModel` is `transformers.AutoModel.from_pretrained`; what hangs on a value is `?.name`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tetrapylon.system.finding import Place


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
        if position is None or position >= len(given) or any(isinstance(each, ast.Starred) for each in given[: position + 1]):
            return None
        return given[position]


@dataclass(frozen=True)
class PythonCode:
    """One Python file, or one cell of a notebook."""

    path: str
    tree: ast.Module
    cell: int = 0

    def at(self, node: ast.AST) -> Place:
        """Return the place of a node."""
        return Place(self.path, getattr(node, "lineno", 0), self.cell)

    @cached_property
    def nodes(self) -> Mapping[type[ast.AST], list[ast.AST]]:
        """Every node by its type, in order: the tree is walked once for everybody."""
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for each in ast.walk(self.tree):
            found.setdefault(type(each), []).append(each)
        return found

    @cached_property
    def imports(self) -> Mapping[str, str]:
        """What each imported name means in full."""
        return dict(pair for kind in (ast.Import, ast.ImportFrom) for node in self.nodes.get(kind, ()) for pair in _imported(node))

    @cached_property
    def packages(self) -> frozenset[str]:
        """The packages that are imported, by their first word."""
        return frozenset(each.partition(".")[0] for each in self.imports.values())

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call, in order."""
        nodes = [each for each in self.nodes.get(ast.Call, ()) if isinstance(each, ast.Call)]
        return tuple(Call(self.name_of(each.func), each, self.at(each)) for each in nodes)

    def calls_of(self, *names: str) -> Iterator[Call]:
        """Yield the calls whose full name is, or ends with a dot and, one of the names."""
        for each in self.calls:
            if any(each.name == name or each.name.endswith(f".{name}") for name in names):
                yield each

    def name_of(self, node: ast.expr) -> str:
        """Return the full name that an expression spells, `?` where it spells none."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            base = self.name_of(node.value)
            rooted = base.partition(".")[0] == "?" or self._is_import(node.value)
            return f"{base}.{node.attr}" if rooted else f"?.{node.attr}"
        return "?"

    def _is_import(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.imports

    @cached_property
    def constants(self) -> Mapping[str, str]:
        """Text that a name is given once, anywhere in the file."""
        found: dict[str, list[str | None]] = {}
        for node in self.nodes.get(ast.Assign, ()):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                found.setdefault(node.targets[0].id, []).append(_text(node.value))
        return {name: texts[0] for name, texts in found.items() if len(texts) == 1 and texts[0] is not None}

    def string(self, node: ast.expr | None) -> str | None:
        """Return the text that an expression is known to be: a literal, or a name that is given one once."""
        if isinstance(node, ast.Name):
            return self.constants.get(node.id)
        return None if node is None else _text(node)


def _text(node: ast.expr) -> str | None:
    """Return the text of a literal, with `{}` where an f-string has a hole."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
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
            yield each.asname or each.name, f"{package}.{each.name}"

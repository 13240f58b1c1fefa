"""Text to trees of Python: whatever the text is, there is a tree or a reason why there is none."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping

from tetrapylon.outside.repository.limits import Limits

Nodes = Mapping[type[ast.AST], list[ast.AST]]
"""The nodes of one tree by their type, in the order of the text; names, attributes and constants the outer ones first."""

_MANY = frozenset({ast.Name, ast.Attribute, ast.Constant, ast.arg, ast.keyword, ast.alias})
"""Kinds that there are so many of that putting them in order would take as long as finding them."""


class UnparsedError(Exception):
    """The text is not Python that can be walked."""


def parse(text: str, limits: Limits) -> tuple[ast.Module, Nodes]:
    """Return the tree of a text and its nodes.

    Raises:
        UnparsedError: it does not parse, or is nested so deep that walking it would end the stack.
    """
    try:
        with warnings.catch_warnings():
            # A regular expression without `r` is not our matter.
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        raise UnparsedError(f"does not parse: {error.msg} in line {error.lineno}") from error
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise UnparsedError(f"does not parse: {type(error).__name__}") from error
    return tree, indexed(tree, limits)


def indexed(tree: ast.Module, limits: Limits) -> Nodes:
    """Return the nodes of a tree by their type.

    Raises:
        UnparsedError: it is nested too deep.
    """
    found: dict[type[ast.AST], list[ast.AST]] = {}
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > limits.nesting:
            raise UnparsedError(f"is nested deeper than {limits.nesting} levels")
        level = _next(level, found)
    for kind, nodes in found.items():
        if len(nodes) > 1 and kind not in _MANY and hasattr(nodes[0], "lineno"):
            nodes.sort(key=_position)
    return found


def _next(level: list[ast.AST], found: dict[type[ast.AST], list[ast.AST]]) -> list[ast.AST]:
    """Put the nodes of one level where they belong and return those right below them."""
    below: list[ast.AST] = []
    append, extend = below.append, below.extend
    for node in level:
        kind = node.__class__
        if kind in found:
            found[kind].append(node)
        else:
            found[kind] = [node]
        if kind in _ENDS:
            continue
        values = node.__dict__
        for name in _CHILDREN[kind]:
            value = values.get(name)
            if value.__class__ is list:
                extend(value)
            elif value is not None:
                append(value)
    if None in below:
        return [each for each in below if each is not None]
    return below


_ENDS = frozenset({ast.Constant, ast.Name, ast.alias, ast.Global, ast.Nonlocal, ast.MatchSingleton, ast.MatchStar, ast.Pass, ast.Break,
                   ast.Continue})  # fmt: skip
"""Kinds below which there is nothing."""

_PLAIN = frozenset({"ctx", "op", "ops", "id", "attr", "arg", "asname", "module", "level", "type_comment", "type_ignores", "is_async",
                    "simple", "conversion", "kind", "n", "s", "rest", "tag"})  # fmt: skip
"""Fields that never hold a node that anybody asks for by its type."""

_FIELDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((each.__name__ for each in _ENDS), ()),
    "MatchMapping": ("keys", "patterns"),
    "MatchClass": ("cls", "patterns", "kwd_patterns"),
    "MatchAs": ("pattern",),
    "FunctionDef": ("decorator_list", "args", "returns", "body"),
    "AsyncFunctionDef": ("decorator_list", "args", "returns", "body"),
    "ClassDef": ("decorator_list", "bases", "keywords", "body"),
    "ExceptHandler": ("type", "body"),
    "arguments": ("posonlyargs", "args", "vararg", "kwonlyargs", "kw_defaults", "kwarg", "defaults"),
    "arg": ("annotation",),
    "keyword": ("value",),
    "Interpolation": ("value", "format_spec"),
    "TypeVar": ("bound", "default_value"),
    "ParamSpec": ("default_value",),
    "TypeVarTuple": ("default_value",),
}
"""Fields of those kinds of nodes in which some hold text, not nodes."""

_CHILDREN = {
    kind: tuple(each for each in _FIELDS.get(kind.__name__, kind._fields) if each not in _PLAIN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The fields of each kind of node that hold nodes."""


def _position(node: ast.AST) -> tuple[int, int]:
    return (node.lineno, node.col_offset)  # type: ignore[attr-defined]  # only of kinds that have them

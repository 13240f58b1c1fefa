"""What is given to which name in Python, all over a repository: arguments, entries of dictionaries, variables and fields.

*What it does*: walks every file once and keeps, by name, what stands there.
*Why it matters*: many looks ask for a name (`trust_remote_code`, `api_key`, `model`); walking everything for each would be slow.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.view import Repository

How = Literal["argument", "entry", "variable"]


class Given(NamedTuple):
    """One expression that is given to a name."""

    code: PythonCode
    how: How
    value: ast.expr


def names_given(repository: Repository) -> Mapping[str, list[Given]]:
    """Return everything that is given to a name, by the name: made once for everybody."""
    return repository.once("tetrapylon.outside.repository.naming", _collected)


def given_to(repository: Repository, *names: str) -> Iterator[Given]:
    """Yield what is given to any of the names."""
    found = names_given(repository)
    for name in names:
        yield from found.get(name, ())


def _collected(repository: Repository) -> dict[str, list[Given]]:
    found: dict[str, list[Given]] = {}
    for code in repository.python:
        for name, how, value in _pairs(code):
            found.setdefault(name, []).append(Given(code, how, value))
    return found


def _pairs(code: PythonCode) -> Iterator[tuple[str, How, ast.expr]]:
    for node in code.nodes.get(ast.keyword, ()):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg, "argument", node.value
    for node in code.nodes.get(ast.Dict, ()):
        if isinstance(node, ast.Dict):
            yield from _entries(node)
    for kind in (ast.Assign, ast.AnnAssign):
        for node in code.nodes.get(kind, ()):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if target is not None and value is not None and (name := _target(target)):
                yield name, "variable", value


def _entries(node: ast.Dict) -> Iterator[tuple[str, How, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, "entry", value


def _target(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    inner = node.slice if isinstance(node, ast.Subscript) else None
    return inner.value if isinstance(inner, ast.Constant) and isinstance(inner.value, str) else ""

"""What objects are made by: the calls that a name, an attribute or a result may come from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.scopes import scopes_of
from tetrapylon.outside.repository.view import Repository

_DEPTH = 5
_MOST = 40


def makers_of(repository: Repository, code: PythonCode, node: ast.expr, depth: int = 0) -> Iterator[tuple[PythonCode, ast.Call]]:
    """Yield the calls that an expression may have been made by."""
    if depth > _DEPTH:
        return
    if isinstance(node, ast.Call):
        yield code, node
        scopes = scopes_of(repository)
        name = code.name_of(node.func)
        for where, value in scopes.returned(code, name):
            yield from makers_of(repository, where, value, depth + 1)
        if isinstance(node.func, ast.Attribute) and name.startswith("?"):
            yield from makers_of(repository, code, node.func.value, depth + 1)
    else:
        for where, value in _sources(repository, code, node):
            yield from makers_of(repository, where, value, depth + 1)


def _sources(repository: Repository, code: PythonCode, node: ast.expr) -> Iterator[tuple[PythonCode, ast.expr]]:
    scopes = scopes_of(repository)
    if isinstance(node, ast.Name):
        function = scopes.function_at(code, node)
        found: list[ast.expr] = []
        while function is not None and not found:
            found = scopes.assigned(code, node.id, function)
            function = function.outer
        yield from ((code, each) for each in found or scopes.assigned(code, node.id, None))
        for module, name in scopes.module_of(code, code.imports.get(node.id, "")):
            yield from ((module, each) for each in scopes.assigned(module, name, None))
    elif isinstance(node, ast.Attribute):
        known = scopes.attributes.get(node.attr, [])
        yield from [each for each in known if each[0].path == code.path] or known[:4]
    elif isinstance(node, ast.IfExp):
        yield from ((code, each) for each in (node.body, node.orelse))
    elif isinstance(node, ast.List | ast.Tuple):
        yield from ((code, each) for each in node.elts)
    elif isinstance(node, ast.Dict):
        yield from ((code, each) for each in node.values)
    elif isinstance(node, ast.Subscript | ast.Await):
        yield code, node.value


def made_names(repository: Repository, code: PythonCode, node: ast.expr) -> list[str]:
    """Return the full names of what an expression may have been made by, the nearest first."""
    return [where.name_of(call.func) for where, call in islice(makers_of(repository, code, node), _MOST)]


def assigned_name(repository: Repository, code: PythonCode, call: ast.AST) -> str:
    """Return the name or attribute that the result of a call is given, "" if it is given none."""
    return scopes_of(repository).targets(code).get(id(call), "")

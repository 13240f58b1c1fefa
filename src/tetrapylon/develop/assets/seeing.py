"""What finders share: components made in one way, and paths in code brought together with files in the tree."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Mapping

from tetrapylon.develop.assets.names import is_dated
from tetrapylon.outside.repository.python import Call, PythonCode
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Component, Kind, Place

TABLE = "in a table or setting"
"""How what is found begins that is named in a table, a list or a setting."""


def component(kind: Kind, id_: str, at: Place, how: str, **facts: str | None) -> Component:
    """Return a component with those facts that are known."""
    return Component(kind, id_.strip() or kind, at, how, {name: text for name, text in facts.items() if text})


def hosted(id_: str, at: Place, how: str, provider: str, **facts: str | None) -> Component:
    """Return a hosted model; one whose name is not known is called by its provider."""
    snapshot = "" if id_ == provider else "pinned" if is_dated(id_) else "unpinned"
    return component("hosted-model", id_, at, how, provider=provider, snapshot=snapshot, **facts)


def where(code: PythonCode, call: Call) -> str:
    """Return the package that a call belongs to."""
    return call.name.partition(".")[0] if not call.name.startswith("?") else next(iter(sorted(code.packages)), "")


def path_id(repository: Repository, path: str, near: str = "") -> str:
    """Return a path in code as the file in the tree that it means, or as it is if there is none."""
    path = posixpath.normpath(path.strip().replace("\\", "/"))
    while path.startswith("../"):
        path = path[3:]
    path = path.removeprefix("/") if path.startswith("/app/") else path
    by_name = paths_by_name(repository)
    found = [each for each in by_name.get(path.rpartition("/")[2], ()) if f"/{each}".endswith(f"/{path}")]
    if not found:
        return path
    folder = near.rpartition("/")[0]
    return min(found, key=lambda each: (not each.startswith(folder), len(each), each))


def paths_by_name(repository: Repository) -> Mapping[str, list[str]]:
    """Return the paths of all files by their last part."""
    return repository.once("paths by name", _paths_by_name)


def _paths_by_name(repository: Repository) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in (*(each.path for each in repository.files), *(each.path for each in repository.artefacts)):
        found.setdefault(path.rpartition("/")[2], []).append(path)
    return found


def entries(node: ast.AST | None) -> dict[str, ast.expr]:
    """Return the values of a literal dictionary by those keys that are texts; of anything else nothing."""
    if not isinstance(node, ast.Dict):
        return {}
    pairs = zip(node.keys, node.values, strict=True)
    return {key.value: value for key, value in pairs if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def functions_of(code: PythonCode) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions of a piece of Python."""
    for each in (*code.nodes.get(ast.FunctionDef, ()), *code.nodes.get(ast.AsyncFunctionDef, ())):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield each


def imports_any(code: PythonCode, *packages: str) -> bool:
    """Return whether one of the packages is imported, each a first word or the beginning of a dotted name."""
    return not code.beginnings.isdisjoint(packages)

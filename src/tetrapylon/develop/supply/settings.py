"""What the names in a project's settings stand for, where a name stands for one text in the whole repository."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tetrapylon.outside.repository.python import PythonCode
from tetrapylon.outside.repository.view import Repository


def settings_of(repository: Repository) -> dict[str, str]:
    """Return the text that a name stands for, wherever it is given: module level, fields of classes, defaults of the environment."""
    found: dict[str, set[str]] = {}
    for code in repository.python:
        for name, text in code.constants.items():
            found.setdefault(name, set()).add(text)
        for name, text in _defaults(code):
            found.setdefault(name, set()).add(text)
    return {name: next(iter(texts)) for name, texts in found.items() if len(texts) == 1}


def _defaults(code: PythonCode) -> Iterator[tuple[str, str]]:
    """Yield names that are given a call with a default: `Field(default="x")`, `os.getenv("X", "x")`."""
    for kind in (ast.Assign, ast.AnnAssign):
        for node in code.nodes.get(kind, ()):
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and isinstance(value, ast.Call):
                default = next((each.value for each in value.keywords if each.arg == "default"), value.args[-1] if value.args else None)
                text = code.string(default)
                if text is not None and code.name_of(value.func).rpartition(".")[2] in {"Field", "field", "getenv", "get", "env", "config"}:
                    yield target.id, text


def setting_of(code: PythonCode, node: ast.expr | None, settings: dict[str, str]) -> str | None:
    """Return the text of a setting: `settings.model_name`, or a name that is imported from the project's own code."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return settings.get(node.attr)
    if isinstance(node, ast.Name) and node.id in code.imports:
        return settings.get(code.imports[node.id].rpartition(".")[2])
    return None

"""What verifies is the standard library alone, written so that it can stand in one file."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.house.source import SOURCE, Module, module, modules

ALSO = ("kernel.act", "kernel.shelf")
"""The rest of the lowest package: not in the single file, and held to the same imports."""

# What a customer's verifier is promised to be made of; the closure below finds what these need.
PROMISED = (
    "evidence.key",
    "evidence.envelope",
    "evidence.statement",
    "evidence.leaf",
    "evidence.note",
    "evidence.proof",
    "evidence.trust",
    "evidence.scheme",
    "guidelines.rules",
    "posture.fold",
    "posture.verify",
)


def _needs(found: Module) -> Iterator[str]:
    for node in ast.walk(found.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "tetrapylon":
            yield str(node.module)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.partition(".")[0] == "tetrapylon")


def _closure() -> dict[str, Module]:
    waiting = [f"tetrapylon.{each}" for each in PROMISED] + [each.name for each in modules("tetrapylon.evidence.schemes")]
    found: dict[str, Module] = {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = module(name)
            waiting += _needs(found[name])
    return found


CLOSURE = _closure()


@pytest.mark.parametrize("name", [*CLOSURE, *(f"tetrapylon.{each}" for each in ALSO)])
def test_it_imports_the_standard_library_and_its_like_alone(name: str) -> None:
    own = {*CLOSURE, *(each.name for each in modules("tetrapylon.kernel"))}
    foreign = [
        full
        for node in ast.walk(module(name).tree)
        for full in _imported_modules(node)
        if full.partition(".")[0] not in sys.stdlib_module_names and full not in own
    ]
    assert foreign == []


def _imported_modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module or "."] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("name", CLOSURE)
def test_it_imports_names_and_renames_nothing(name: str) -> None:
    nodes = [each for each in ast.walk(module(name).tree) if isinstance(each, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(each) for each in nodes if any(name.asname for name in each.names)] == []
    assert [ast.unparse(each) for each in nodes if isinstance(each, ast.Import) and "tetrapylon" in ast.unparse(each)] == []
    # An import within a function would still be there in the single file, where the module is not.
    inner = [each for each in nodes if each not in module(name).tree.body]
    assert [ast.unparse(each) for each in inner if "tetrapylon" in ast.unparse(each)] == []


def test_no_public_name_is_defined_twice() -> None:
    counted = Counter(name for each in CLOSURE.values() for name in _defined(each))
    assert sorted(name for name, count in counted.items() if count > 1 and not name.startswith("_")) == []


def _defined(found: Module) -> set[str]:
    names: set[str] = set()
    for node in found.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
    return names


def test_no_definition_hides_what_another_module_imports() -> None:
    defined = {name for each in CLOSURE.values() for name in _defined(each)}
    imported = {
        (each.asname or each.name)
        for found in CLOSURE.values()
        for node in found.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom) and "tetrapylon" not in ast.unparse(node)
        for each in node.names
    }
    assert sorted(defined & imported) == []


def test_an_interpreter_with_nothing_installed_can_load_it() -> None:
    names = ", ".join(CLOSURE)
    program = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); import {names}; print(*sorted(sys.modules))"
    ended = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    roots = {each.partition(".")[0] for each in ended.stdout.split()}
    assert sorted(roots - set(sys.stdlib_module_names) - {"__main__", "tetrapylon"}) == []

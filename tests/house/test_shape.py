"""The shape that readers may count on: short files, a docstring on everything public, and nothing of any one machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.house.source import ROOT, Module, modules, tracked, tracked_texts

LONGEST_FILE = 400
LONGEST_FUNCTION = 45
"""Lines; in the code bases that we hold up as models nine functions in ten are below this."""

PROGRAMS = ("src", "tools", "benchmarks", "examples")

BUILDER_WORDS = re.compile(r"\b(rooms?|floors?|shelf|shelves|folds?|leaf)\b", re.IGNORECASE)
"""Words of ours for how the code is built; a user has no use for them. (`leaves` is a verb, too.)"""


def _programs() -> Iterator[Path]:
    return (path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PROGRAMS)


def _said(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_files_are_short() -> None:
    lengths = {_said(path): len(path.read_text("utf-8").splitlines()) for path in _programs()}
    assert len(lengths) > 200  # otherwise this looked in the wrong place
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    nodes = [(path, each) for path in _programs() for each in ast.walk(Module(path).tree) if isinstance(each, ast.FunctionDef)]
    lengths = {f"{_said(path)}:{each.name}": (each.end_lineno or each.lineno) - each.lineno + 1 for path, each in nodes}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_everything_public_has_a_docstring() -> None:
    assert [each for path in _programs() for each in _undocumented(path)] == []


def _undocumented(path: Path) -> Iterator[str]:
    tree = Module(path).tree
    if not ast.get_docstring(tree):
        yield _said(path)
    for node in _public(tree):
        if not ast.get_docstring(node):
            yield f"{_said(path)}:{node.lineno}: {node.name}"


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield public classes and functions of a module, and the public methods of its public classes."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not _given_elsewhere(node):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from _public(node)


def _given_elsewhere(node: ast.AST) -> bool:
    """Whether the docstring stands with what is overridden or overloaded."""
    marks = getattr(node, "decorator_list", [])
    return any(isinstance(each, ast.Name) and each.id in {"override", "overload"} for each in marks)


def test_packages_are_a_docstring() -> None:
    # The public face maps names to `api`, lazily.
    inits = [each for each in modules() if each.path.name == "__init__.py" and each.name != "tetrapylon"]
    assert [each.name for each in inits if len(each.tree.body) != 1 or not ast.get_docstring(each.tree)] == []


def test_no_module_imports_the_public_face() -> None:
    faces = {"tetrapylon", "tetrapylon.api"}
    inside = [each for each in modules() if each.name != "tetrapylon"]
    assert [f"{each.name}:{line}" for each in inside for line, name in _imports(each) if name in faces] == []


def _imports(module: Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            yield node.lineno, str(node.module)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)


def test_imports_within_the_project_are_absolute() -> None:
    nodes = [(each, node) for each in modules() for node in ast.walk(each.tree) if isinstance(node, ast.ImportFrom)]
    assert [each.name for each, node in nodes if node.level] == []


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "SECURITY.md", "docs/index.md"])
def test_what_users_read_first_has_no_builder_words(name: str) -> None:
    assert BUILDER_WORDS.findall((ROOT / name).read_text("utf-8")) == []


def _helps() -> dict[str, str]:
    from tetrapylon.cli.__main__ import cli

    return dict(_help_of(cli, click.Context(cli, info_name="tetrapylon")))


def _help_of(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None, name
            yield from _help_of(below, click.Context(below, info_name=name, parent=context))


def test_help_has_no_builder_words() -> None:
    helps = _helps()
    assert len(helps) > 15
    assert {path: BUILDER_WORDS.findall(text) for path, text in helps.items() if BUILDER_WORDS.search(text)} == {}


def test_every_option_says_what_it_does() -> None:
    from tetrapylon.cli.__main__ import cli

    silent = [f"{path} {option}" for path, option in _silent(cli, click.Context(cli, info_name="tetrapylon"))]
    assert silent == []


def _silent(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    yield from ((context.command_path, each.opts[0]) for each in command.params if isinstance(each, click.Option) and not each.help)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from _silent(below, click.Context(below, info_name=name, parent=context))


# Written in pieces, so that this file does not find itself.
MACHINE = re.compile(
    "|".join(["/ho" + r"me/\w", "/ro" + r"ot/", "/wo" + r"rk/", "/mn" + r"t/\w", "/Us" + r"ers/\w", r"[A-Z]:\\Us" + "ers"])
)
REGISTRY = re.compile(
    r"https?://[\w.-]*(?:"
    + "|".join(["py" + r"pi\.", "python" + r"hosted\.", "arti" + "factory", "nex" + "us", "dev" + "pi"])
    + r")[\w./-]*"
    r"|(?:--(?:extra-)?ind" + r"ex-url|--find-" + r"links|(?:PIP|UV)_(?:EXTRA_)?IND" + r"EX\w*)[= ]",
    re.IGNORECASE,
)
PUBLIC = re.compile(r"https://(?:pypi\.org/simple|files\.pythonhosted\.org/packages/[\w./-]*)")


def test_no_file_names_a_place_on_a_machine() -> None:
    assert [f"{_said(path)}: {found}" for path, text in tracked_texts() for found in MACHINE.findall(text)] == []


def test_no_file_names_a_registry_but_the_lock() -> None:
    assert [f"{_said(path)}: {each}" for path, text in tracked_texts() if path.name != "uv.lock" for each in REGISTRY.findall(text)] == []


def test_the_lock_names_the_public_index_alone() -> None:
    hosts = re.findall(r"https?://[^\"]+", (ROOT / "uv.lock").read_text("utf-8"))
    assert hosts
    assert [each for each in hosts if not PUBLIC.fullmatch(each)] == []

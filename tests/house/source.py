"""Our own source as the tests of this folder see it: modules, their trees, and what the names in them mean."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    path: Path

    @property
    def name(self) -> str:
        """The dotted name, as an import would write it."""
        parts = list(self.path.relative_to(SOURCE).with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        """What stands in the file."""
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, str(self.path))

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name means in full, wherever in the file it is imported."""
        return dict(name for node in ast.walk(self.tree) for name in _imported(node))

    def uses(self) -> Iterator[tuple[int, str]]:
        """Yield the line and the full name of everything that is named: `os.path.join`, `open`, `?.read_text`.

        What hangs on a value instead of on an imported or built-in name starts with `?`.
        """
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name | ast.Attribute):
                yield node.lineno, self._full(node)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                yield from ((node.lineno, full) for _, full in _imported(node))

    def _full(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, node.id if node.id not in self._bound else "?")
        if isinstance(node, ast.Attribute):
            return f"{self._full(node.value)}.{node.attr}"
        return "?"

    @cached_property
    def _bound(self) -> set[str]:
        """Names that the file itself gives a meaning to, so that a local `time` is not the module."""
        stored = {each.id for each in ast.walk(self.tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
        return stored | {each.arg for each in ast.walk(self.tree) if isinstance(each, ast.arg)}


def _imported(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for each in node.names:
            # `import a.b` binds `a`; `import a.b as c` binds `a.b`.
            yield (each.asname, each.name) if each.asname else (each.name.partition(".")[0], each.name.partition(".")[0])
            yield each.name, each.name
    elif isinstance(node, ast.ImportFrom):
        for each in node.names:
            yield each.asname or each.name, f"{node.module}.{each.name}"


@cache
def module(name: str) -> Module:
    """Return one module of ours by its dotted name."""
    plain = SOURCE / Path(*name.split("."))
    return Module(plain / "__init__.py" if plain.is_dir() else plain.with_suffix(".py"))


def modules(package: str = "tetrapylon") -> list[Module]:
    """Return every module of a package of ours."""
    return [Module(path) for path in sorted((SOURCE / Path(*package.split("."))).rglob("*.py"))]


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that belongs to the project: what git holds, or would hold."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(path for name in sorted(listed.stdout.split("\0")) if name and (path := ROOT / name).is_file())


def tracked_texts() -> Iterator[tuple[Path, str]]:
    """Yield every file of the project that is text, with the text."""
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            yield path, data.decode("utf-8", "replace")

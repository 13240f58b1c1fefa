"""A read-only mapping over a folder of parts: one file, one part.

Names are file stems (with `_` read as `-`) and summaries are first docstring lines, read by `ast` without
importing anything; asking for one part imports that one module. Parts that another package offers under an
entry-point group named like the folder's dotted path are seen only when the caller names them in `allowed`.
Package data is read here and nowhere else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import TYPE_CHECKING

from tetrapylon.kernel.errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from importlib.resources.abc import Traversable


def package_text(package: str, name: str) -> str:
    """Return the text of a data file that ships inside a package of ours."""
    return files(package).joinpath(name).read_text("utf-8")


def package_source(package: str) -> str:
    """Return the source of a module of ours, or of every module in a package and below it, each after its name."""
    parent, _, name = package.rpartition(".")
    place = files(parent).joinpath(name)
    found = _sources(place, package) if place.is_dir() else [(package, package_text(parent, f"{name}.py"))]
    return "\0".join(f"{each}\0{text}" for each, text in sorted(found))


def _sources(folder: Traversable, package: str) -> Iterator[tuple[str, str]]:
    for each in folder.iterdir():
        if each.name.endswith(".py"):
            yield f"{package}.{each.name}", each.read_text("utf-8")
        elif "." not in each.name and each.is_dir():
            yield from _sources(each, f"{package}.{each.name}")


class Shelf(Mapping[str, ModuleType]):
    """The parts in `package`, by name.

    >>> shelf = Shelf("tetrapylon.evidence.predicates")
    >>> "waiver" in shelf
    True
    """

    def __init__(self, package: str, allowed: frozenset[str] = frozenset()) -> None:
        self.package = package
        self._allowed = allowed

    def __getitem__(self, name: str) -> ModuleType:
        if name in self._own:
            return import_module(f"{self.package}.{self._own[name]}")
        if name in self._offered:
            module = self._offered[name].load()
            if isinstance(module, ModuleType):
                return module
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        # Mapping's own would import the part to see whether it is there.
        return name in self._own or name in self._offered

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._own, *self._offered}))

    def __len__(self) -> int:
        return len({*self._own, *self._offered})

    def part(self, name: str, what: str) -> ModuleType:
        """Return the part, or say which there are.

        Raises:
            UsageError: no part has this name.
        """
        try:
            return self[name]
        except KeyError:
            raise UsageError(f"there is no {what} `{name}`", hint=f"known: {', '.join(self)}") from None

    def summary(self, name: str) -> str:
        """Return the first docstring line of a part of ours, without importing it."""
        tree = ast.parse(package_text(self.package, f"{self._own[name]}.py"))
        return (ast.get_docstring(tree) or "").partition("\n")[0]

    @cached_property
    def _own(self) -> dict[str, str]:
        stems = (each.name.removesuffix(".py") for each in files(self.package).iterdir() if each.name.endswith(".py"))
        return {stem.replace("_", "-"): stem for stem in stems if not stem.startswith("_")}

    @cached_property
    def _offered(self) -> dict[str, EntryPoint]:
        if not self._allowed:
            return {}
        # Where nothing is allowed, which is the rule, this import is saved: it is a third of a start.
        from importlib.metadata import entry_points

        found = entry_points(group=self.package)
        return {each.name: each for each in found if each.name in self._allowed and each.name not in self._own}

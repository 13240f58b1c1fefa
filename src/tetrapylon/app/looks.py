"""Every look for hazards over one repository, from the parts of the guidance that they belong to.

A look that fails never ends the others: what it found in each file by itself still counts, and that it failed is said,
file by file, because what was not looked at is not clean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.shelf import Shelf, package_source

if TYPE_CHECKING:
    from tetrapylon.outside.repository.view import Repository
    from tetrapylon.system.finding import Component, Finding, Rule, Unseen

HAZARDS = (
    "tetrapylon.develop.supply.hazards",
    "tetrapylon.operate.monitor.hazards",
    "tetrapylon.design.privilege.hazards",
    "tetrapylon.deploy.access.hazards",
    "tetrapylon.responsibility.provider.hazards",
)
"""The folders of looks; each file in them offers `RULE` or `RULES`, and `look(repository)`."""

WHAT_DECIDES = (
    *HAZARDS,
    "tetrapylon.develop.assets",
    "tetrapylon.outside.repository",
    "tetrapylon.system.finding",
    "tetrapylon.app.looks",
    "tetrapylon.app.checking",
    "tetrapylon.app.fingerprint",
)
"""Packages and modules whose code decides what is found: another line in them may mean another answer."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Looked:
    """What was found in a repository, and which looks failed on which file."""

    found: tuple[Component, ...]
    findings: tuple[Finding, ...]
    failed: tuple[Unseen, ...]


def look_everywhere(repository: Repository) -> Looked:
    """Run the finders and every look."""
    found, unfound = look_for_ai(repository)
    failed = list(unfound)
    findings: dict[Finding, None] = {}
    for name, module in looks():
        findings |= dict.fromkeys(_guarded(name, module.look, repository, failed))
    return Looked(found, tuple(findings), tuple(failed))


def look_for_ai(repository: Repository) -> tuple[tuple[Component, ...], tuple[Unseen, ...]]:
    """Return the parts of AI systems in a repository, and where looking for them failed."""
    from tetrapylon.develop.assets.components import find_components

    failed: list[Unseen] = []
    return tuple(_guarded("AI", find_components, repository, failed)), tuple(failed)


def looks() -> Iterator[tuple[str, ModuleType]]:
    """Yield every look with the words that name it, in a stable order."""
    for package in HAZARDS:
        shelf = Shelf(package)
        yield from ((name.replace("-", " "), shelf[name]) for name in shelf)


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its id."""
    found = [each for _, module in looks() for each in _rules_of(module)]
    return {each.id: each for each in sorted(found, key=lambda each: each.id)}


def _rules_of(module: ModuleType) -> Iterable[Rule]:
    return module.RULES if hasattr(module, "RULES") else (module.RULE,)


def rules_version() -> Digest:
    """Return the digest of the code that decides what is found."""
    return sha256("\0".join(package_source(each) for each in WHAT_DECIDES).encode())


def _guarded(name: str, look: Callable[[Repository], Iterable[_T]], repository: Repository, failed: list[Unseen]) -> Iterator[_T]:
    """Yield what a look finds; one that fails is tried again on each file by itself."""
    try:
        yield from list(look(repository))
    except Exception:  # noqa: BLE001 - the text is a stranger's: whatever it breaks must not end the other looks
        yield from _one_by_one(name, look, repository, failed)


def _one_by_one(name: str, look: Callable[[Repository], Iterable[_T]], repository: Repository, failed: list[Unseen]) -> Iterator[_T]:
    from tetrapylon.system.finding import Unseen

    before = len(failed)
    for path in sorted(repository.paths):
        try:
            yield from list(look(_alone(repository, path)))
        except Exception as error:  # noqa: BLE001 - as above
            failed.append(Unseen(path, f"the look for {name} failed on this file ({type(error).__name__})"))
    if len(failed) == before:
        failed.append(Unseen(".", f"the look for {name} failed on the whole and ran on each file by itself"))


def _alone(repository: Repository, path: str) -> Repository:
    """Return the view of one file."""
    return replace(
        repository,
        files=tuple(each for each in repository.files if each.path == path),
        python=tuple(each for each in repository.python if each.path == path),
        artefacts=tuple(each for each in repository.artefacts if each.path == path),
        unseen=(),
    )

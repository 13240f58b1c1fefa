"""Dependencies: read from the declared locks, and looked for in code where nothing is locked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tetrapylon.develop.supply.finding import Finding
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import inside, read_bytes
from tetrapylon.outside.lock import Lock, read_lock
from tetrapylon.outside.repository.view import Repository
from tetrapylon.outside.view import View


@dataclass(frozen=True)
class Locks:
    """The declared locks that could be read, and why others could not."""

    read: tuple[Lock, ...]
    unseen: tuple[str, ...]


def declared_locks(view: View) -> Locks:
    """Read every lock that the manifest declares."""
    found: list[Lock] = []
    unseen: list[str] = []
    for path in view.facts["system"].get("locks", ()):
        try:
            lock = read_lock(path, read_bytes(inside(view.root, path), BOUNDS.json).decode("utf-8"))
        except (TetrapylonError, UnicodeDecodeError) as error:
            unseen.append(f"`{path}`: {getattr(error, 'message', 'is not UTF-8 text')}")
            continue
        found.append(lock)
        unseen += [f"`{path}`: {each}" for each in lock.unread]
    return Locks(tuple(found), tuple(unseen))


def unpinned(lock: Lock) -> Iterator[Finding]:
    """Yield packages of which more than one version could be installed."""
    for each in lock.packages:
        if not each.local and not each.pinned:
            yield Finding(each.name, _at(lock, each.line), "has no exact version")


def unhashed(lock: Lock) -> Iterator[Finding]:
    """Yield packages of one version whose bytes nothing vouches for."""
    for each in lock.packages:
        if not each.local and each.pinned and not each.hashed:
            yield Finding(each.name, _at(lock, each.line), "has no hash")


def unlocked(repository: Repository, locks: tuple[str, ...]) -> Iterator[Finding]:
    """Yield the packages of others that code imports, where the manifest declares no lock at all."""
    if locks:
        return
    own = {part for code in repository.python for part in code.path.removesuffix(".py").split("/")}
    places: dict[str, str] = {}
    for code in repository.python:
        for name in code.packages - own - sys.stdlib_module_names - {"", "__future__"}:
            places.setdefault(name, code.path)
    yield from (Finding(name, at, "is imported, and the manifest declares no lock") for name, at in sorted(places.items()))


def _at(lock: Lock, line: int) -> str:
    return f"{lock.name}:{line}" if line else lock.name

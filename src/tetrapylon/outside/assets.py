"""From what the manifest declares to assets with digests: the files are found and hashed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar, assert_never

from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.bounds import BOUNDS, Bounds
from tetrapylon.outside.files import hash_file, inside
from tetrapylon.outside.tree import hash_path, select
from tetrapylon.system.assets import Asset, Computed, Declared, Described, OnDisk, Selected, described_digest, folder_digest

_T = TypeVar("_T")


def hash_declared(root: Path, declared: Iterable[Declared], bounds: Bounds = BOUNDS) -> list[Asset]:
    """Return the assets with their digests; `root` is the folder of the manifest.

    Raises:
        MissingError: something that is declared is not there; the message names its place in the manifest.
        UsageError: something that is declared cannot be hashed, for the reasons of `hash_path` and `select`.
    """
    return [_asset(root, each, bounds) for each in declared]


def _asset(root: Path, each: Declared, bounds: Bounds) -> Asset:
    match each:
        case Computed():
            return Asset(each.kind, each.id, each.digest)
        case OnDisk():
            return _named(each.at, lambda: _on_disk(root, each, bounds))
        case Selected():
            return _named(each.at, lambda: _selected(root, each, bounds))
        case Described():
            return _named(each.at, lambda: _described(root, each, bounds))
        case _ as never:
            assert_never(never)


def _on_disk(root: Path, each: OnDisk, bounds: Bounds) -> Asset:
    path = inside(root, each.path)
    without = None if each.without is None else root / each.without
    return Asset(each.kind, each.id, hash_path(path, bounds, without=without), each.path)


def _selected(root: Path, each: Selected, bounds: Bounds) -> Asset:
    names = select(root, each.patterns, bounds)
    return Asset(each.kind, each.id, folder_digest((name, hash_file(root / name, bounds.asset)) for name in names))


def _described(root: Path, each: Described, bounds: Bounds) -> Asset:
    digest = hash_file(inside(root, each.path), bounds.asset)
    return Asset(each.kind, each.id, described_digest(each.declaration, digest), each.path)


def _named(at: str, work: Callable[[], _T]) -> _T:
    """Do the work; an error says where in the manifest the thing is declared."""
    try:
        return work()
    except (MissingError, UsageError) as error:
        raise type(error)(f"{error.message} (declared as `{at}`)", hint=error.hint, code=error.code) from error

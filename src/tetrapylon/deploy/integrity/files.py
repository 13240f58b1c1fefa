"""The files that a model consists of, by digest.

A link is refused unless the caller follows links, and then only one to a file: what lies behind a link to a folder is in
no tool's manifest. Files that are named as ignored are not looked at, so they cannot make a signature fail.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from tetrapylon.evidence.oms import WHOLE, OmsManifest, Resource, component_order
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import bounded, hash_file, mode_of, special_error, symlink_error, unreadable

NEVER_PART = (".git", ".gitattributes", ".github", ".gitignore")
"""What lies beside a model in version control and is no part of it; the reference tool leaves out the same."""

LARGE = 4 << 20
"""From this size on (bytes) a file is worth a thread of its own; below it threads cost more than they bring."""


def model_files(path: Path, ignored: Iterable[str] = (), *, links: bool = False) -> list[str]:
    """Return the names of a model's files in the order of a signature; a model of one file has the name `.`.

    Raises:
        MissingError: it is not there.
        UsageError: a link (`symlink`) or something special (`not-a-file`) is among the files, a name is not text
            (`bad-name`), or there are too many or too deep.
    """
    mode = mode_of(path)
    if stat.S_ISLNK(mode):
        if not links:
            raise symlink_error(path)
        mode = mode_of(path.resolve())
    if not stat.S_ISDIR(mode):
        return [WHOLE]
    skipped = ignorable(ignored)
    found: list[str] = []
    for name in _below(path, "", skipped, links=links, depth=BOUNDS.depth):
        found.append(name)
        bounded(len(found), path, BOUNDS)
    return sorted(found, key=component_order)


def ignorable(names: Iterable[str]) -> frozenset[str]:
    """Return the names that stand for something inside a model, in the one spelling that files are compared in."""
    paths = (PurePosixPath(each) for each in names)
    return frozenset(str(each) for each in paths if each.parts and not each.is_absolute() and ".." not in each.parts)


def _below(folder: Path, prefix: str, skipped: frozenset[str], *, links: bool, depth: int) -> Iterator[str]:
    if depth < 0:
        raise UsageError(f"`{folder}` is nested too deep", code="too-deep")
    for entry, mode in _listed(folder):
        name, path = prefix + entry, folder / entry
        if name in skipped:
            continue
        if not _is_text(entry):
            raise UsageError(f"`{folder}` holds a file whose name is not UTF-8", hint="rename it", code="bad-name")
        if stat.S_ISDIR(mode):
            yield from _below(path, f"{name}/", skipped, links=links, depth=depth - 1)
        elif stat.S_ISLNK(mode) and not (links and path.is_file()):
            raise symlink_error(path)
        elif not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            raise special_error(path)
        else:
            yield name


def _listed(folder: Path) -> list[tuple[str, int]]:
    try:
        with os.scandir(folder) as entries:
            return [(each.name, each.stat(follow_symlinks=False).st_mode) for each in entries]
    except OSError as error:
        raise unreadable(folder, error) from error


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def file_of(model: Path, name: str) -> Path:
    """Return where a file of the model lies."""
    return model if name == WHOLE else model / name


def hash_files(model: Path, names: Sequence[str], *, links: bool = False) -> list[Digest]:
    """Return the digests of the named files of a model, in the same order; large ones are hashed side by side.

    Raises:
        MissingError, UsageError, StorageError, UndecidedError: as `hash_file`.
    """
    paths = [file_of(model, each) for each in names]
    if links:
        paths = [each.resolve() for each in paths]
    if sum(_size(each) >= LARGE for each in paths) < 2:  # noqa: PLR2004 - one has nobody to run beside
        return [hash_file(each) for each in paths]
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return list(pool.map(hash_file, paths))


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def read_model(path: Path, ignored: Iterable[str] = (), *, links: bool = False) -> OmsManifest:
    """Hash a model and return what a signature over it would say.

    Raises:
        MissingError: it is not there, or is a folder without files (`empty-folder`).
        UsageError, StorageError, UndecidedError: as `model_files` and `hash_files`.
    """
    skipped = ignorable([*ignored, *NEVER_PART])
    names = model_files(path, skipped, links=links)
    if not names:
        raise MissingError(f"`{path}` is a folder without files", code="empty-folder")
    digests = hash_files(path, names, links=links)
    resources = tuple(Resource(name, digest) for name, digest in zip(names, digests, strict=True))
    return OmsManifest(path.resolve().name, resources, () if names == [WHOLE] else tuple(sorted(skipped)), links)

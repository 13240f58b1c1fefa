"""The files below a folder that are worth a look: links are not followed, and what is vendored or made is left out.

`.gitignore` is not asked: what runs is what lies on the disk, and models, data and `.env` files are often ignored by git.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tetrapylon.outside.files import unreadable
from tetrapylon.outside.repository.limits import Limits
from tetrapylon.outside.repository.notes import Notes

_OF_TOOLS = frozenset({
    ".git", ".hg", ".svn", ".tetrapylon", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".tox", ".nox", ".eggs",
    ".hypothesis", ".ipynb_checkpoints", ".idea", ".gradle", ".terraform", ".serverless", ".next", ".nuxt", ".svelte-kit", ".turbo",
    ".parcel-cache", ".yarn", ".pnpm-store", ".dvc", ".cache", "htmlcov",
})  # fmt: skip
"""State of tools: nobody's code, and not worth a word."""

_VENDORED = frozenset({
    "node_modules", "bower_components", "site-packages", "vendor", "vendors", "third_party", "third-party", "thirdparty", "3rdparty",
    "Pods",
})  # fmt: skip
_MADE = frozenset({"dist", "build", "target"})
_MAKERS = frozenset({"package.json", "setup.py", "setup.cfg", "pyproject.toml", "Cargo.toml", "pom.xml", "CMakeLists.txt", "build.gradle"})
_SUBMODULE = re.compile(r"^[ \t]*path[ \t]*=[ \t]*(\S[^\n]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """One regular file."""

    path: str
    """Where it is on the disk."""

    name: str
    """Relative, with `/`; what is not UTF-8 in it is replaced."""

    size: int


@dataclass(slots=True)
class _Walk:
    root: str
    limits: Limits
    notes: Notes
    count: int = 0
    submodules: set[str] = field(default_factory=set)


def files_below(root: Path, limits: Limits, notes: Notes) -> Iterator[Found]:
    """Yield the files, folder by folder, sorted within each.

    Raises:
        MissingError: there is no such folder (`no-such-file`).
        StorageError: it cannot be read (`unreadable`).
    """
    top = os.path.realpath(root)
    try:
        entries = _entries(top)
    except OSError as error:
        raise unreadable(root, error) from error
    walk = _Walk(top, limits, notes)
    waiting = [("", 0, entries)]
    while waiting:
        prefix, depth, entries = waiting.pop()
        names = {each.name for each in entries}
        below: list[tuple[str, int, list[os.DirEntry[str]]]] = []
        for entry in entries:
            found = _looked_at(walk, entry, prefix, names)
            if isinstance(found, Found):
                yield found
            elif found:
                below += _below(walk, entry, found, depth + 1)
        if walk.count > limits.files:
            notes.not_read(prefix or ".", f"only the first {limits.files} files were looked at")
            return
        waiting += reversed(below)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda each: each.name)


def _below(walk: _Walk, entry: os.DirEntry[str], name: str, depth: int) -> Iterator[tuple[str, int, list[os.DirEntry[str]]]]:
    if depth > walk.limits.depth:
        walk.notes.not_read(name, f"lies deeper than {walk.limits.depth} folders")
        return
    try:
        entries = _entries(entry.path)
    except OSError as error:
        walk.notes.not_read(name, f"cannot be read: {reason(error)}")
        return
    names = {each.name for each in entries}
    if "pyvenv.cfg" in names or "conda-meta" in names:
        walk.notes.left_out(name, "is an environment of Python")
    elif not names and name in walk.submodules:
        walk.notes.not_read(name, "is a submodule that is not checked out")
    else:
        yield f"{name}/", depth, entries


def _looked_at(walk: _Walk, entry: os.DirEntry[str], prefix: str, siblings: set[str]) -> Found | str:
    """Return a file, the name of a folder to go into, or "" for what is not looked at."""
    name = prefix + _readable(entry.name)
    try:
        info = entry.stat(follow_symlinks=False)
    except OSError as error:
        walk.notes.not_read(name, f"cannot be read: {reason(error)}")
        return ""
    if stat.S_ISDIR(info.st_mode):
        return name if _wanted(walk.notes, entry, name, siblings) else ""
    if stat.S_ISLNK(info.st_mode):
        _link(walk, entry, name)
    elif not stat.S_ISREG(info.st_mode):
        walk.notes.left_out(name, "is a pipe, a socket or a device")
    elif walk.count <= walk.limits.files:
        walk.count += 1
        if name == ".gitmodules":
            walk.submodules |= _submodules(entry.path)
        return Found(entry.path, name, info.st_size) if walk.count <= walk.limits.files else ""
    return ""


def _link(walk: _Walk, entry: os.DirEntry[str], name: str) -> None:
    """Say what a link hides; what it leads to inside of the folder is seen in its own place."""
    target = os.path.realpath(entry.path)
    if target != walk.root and not target.startswith(walk.root + os.sep):
        walk.notes.left_out(name, "is a link that leads outside of the folder")


def _wanted(notes: Notes, entry: os.DirEntry[str], name: str, siblings: set[str]) -> bool:
    if entry.name in _OF_TOOLS:
        return False
    if entry.name in _VENDORED or entry.name.endswith((".egg-info", ".dist-info")):
        notes.left_out(name, "is code of others")
        return False
    if entry.name in _MADE and not siblings.isdisjoint(_MAKERS) and not os.path.exists(os.path.join(entry.path, "__init__.py")):  # noqa: PTH110, PTH118 - of a `DirEntry`, fast
        notes.left_out(name, "is made by a build")
        return False
    return True


def _submodules(path: str) -> set[str]:
    data = first_bytes(path, 1 << 16)
    text = "" if isinstance(data, str) else data.decode("utf-8", "replace")
    return {each.strip().rstrip("/") for each in _SUBMODULE.findall(text)}


def first_bytes(path: str, count: int) -> bytes | str:
    """Return the bytes of a regular file, `count` at most, or why there are none: this never waits and never raises."""
    try:
        # Without O_NONBLOCK, opening what has become a named pipe would wait for its writer for ever.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except (OSError, ValueError) as error:
        return f"cannot be read: {reason(error)}"
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "is a pipe, a socket or a device"
        return _read(handle, count)
    except OSError as error:
        return f"cannot be read: {reason(error)}"
    finally:
        os.close(handle)


def _read(handle: int, count: int) -> bytes:
    data = os.read(handle, min(count, os.fstat(handle).st_size + 1))
    while len(data) < count and (more := os.read(handle, min(count - len(data), 1 << 20))):
        data += more
    return data


def reason(error: OSError | ValueError) -> str:
    """Return in a few words why the operating system refused."""
    code = error.errno if isinstance(error, OSError) else errno.ENOENT
    return {errno.ENOENT: "it went away", errno.EACCES: "permission is denied"}.get(code or 0) or os.strerror(code or 0).lower()


def _readable(name: str) -> str:
    return name if name.isascii() else name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

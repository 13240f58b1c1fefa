"""Folders: walked in a stable order without following links, and patterns matched over them.

The patterns are our own and not `Path.glob`, whose treatment of links and hidden files differs between the Python
versions that we run on: a digest must not depend on the version.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.bounds import BOUNDS, Bounds
from tetrapylon.outside.files import bounded, hash_file, inside, mode_of, special_error, symlink_error, unreadable
from tetrapylon.system.assets import folder_digest

IGNORED = frozenset({".git", ".tetrapylon", ".venv", "__pycache__"})
"""Folders that are never part of a selection of code: state of tools, not content."""

_SPECIAL = re.compile(r"[*?\[]")
_PIECES = re.compile(r"(\*\*/|\*\*|\*|\?|\[!?[^]/!][^]/]*\]|\[)")
_MANY_FOLDERS = re.compile(r"(?:\*\*/)+")


def hash_path(path: Path, bounds: Bounds = BOUNDS, *, without: Path | None = None) -> Digest:
    """Return the digest of a file, or of a folder with the names of all files in it.

    `without` names one file that does not count: a signature that lies inside what it signs.

    Raises:
        MissingError: it is not there (`no-such-file`), or is a folder without files (`empty-folder`).
        UsageError: a link (`symlink`), something special (`not-a-file`), or beyond a bound.
    """
    if not stat.S_ISDIR(mode_of(path)):
        return hash_file(path, bounds.asset)
    files = [name for name in walk(path, bounds) if path / name != without]
    if not files:
        raise MissingError(f"`{path}` is a folder without files", code="empty-folder")
    return folder_digest((name, hash_file(path / name, bounds.asset)) for name in files)


def walk(folder: Path, bounds: Bounds = BOUNDS) -> list[str]:
    """Return the files below the folder, relative, with `/`, sorted by code point.

    Raises:
        UsageError: a link (`symlink`), something special (`not-a-file`), a name that is not text (`bad-name`), or too
            many or too deep (`too-many-files`, `too-deep`).
    """
    found: list[str] = []
    for name, mode in _below(folder, "", bounds.depth):
        found.append(_regular(folder, name, mode))
        bounded(len(found), folder, bounds)
    return sorted(found)


def _below(folder: Path, prefix: str, depth: int, ignored: frozenset[str] = frozenset()) -> Iterator[tuple[str, int]]:
    """Yield everything below the folder that is not a folder itself, with its mode."""
    if depth < 0:
        raise UsageError(f"`{folder}` is nested too deep", code="too-deep")
    for name, mode in _listed(folder):
        if name in ignored:
            continue
        if stat.S_ISDIR(mode):
            yield from _below(folder / name, f"{prefix}{name}/", depth - 1, ignored)
        else:
            yield prefix + name, mode


def _listed(folder: Path) -> list[tuple[str, int]]:
    try:
        with os.scandir(folder) as entries:
            return [(each.name, each.stat(follow_symlinks=False).st_mode) for each in entries]
    except OSError as error:
        raise unreadable(folder, error) from error


def _regular(folder: Path, name: str, mode: int) -> str:
    if not _is_text(name):
        raise UsageError(f"`{folder}` holds a file whose name is not UTF-8", hint="rename it", code="bad-name")
    if stat.S_ISLNK(mode):
        raise symlink_error(folder / name)
    if not stat.S_ISREG(mode):
        raise special_error(folder / name)
    return name


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def select(root: Path, patterns: Sequence[str], bounds: Bounds = BOUNDS) -> list[str]:
    """Return the files below `root` that a pattern chooses, sorted, each once.

    A pattern is a file, a folder (everything below it) or has `*`, `?`, `[...]` (none of which crosses a `/`) and `**`.

    Raises:
        MissingError: a pattern chooses nothing (`nothing-selected`, `no-such-file`).
        UsageError: not a pattern (`bad-pattern`), or as `walk`; a link counts if it is chosen or leads to a folder.
    """
    found: set[str] = set()
    for pattern in patterns:
        chosen = set(_chosen(root, pattern, bounds))
        if not chosen:
            raise MissingError(f"`{pattern}` chooses no file in `{root}`", code="nothing-selected")
        found |= chosen
        bounded(len(found), root, bounds)
    return sorted(found)


def _chosen(root: Path, pattern: str, bounds: Bounds) -> Iterator[str]:
    base, rest = _split(pattern)
    start = inside(root, base) if base else root
    if not rest and not stat.S_ISDIR(mode_of(start)):
        yield base
        return
    wanted = re.compile(translate(rest or "**"), re.DOTALL)
    prefix = f"{base}/" if base else ""
    for name, mode in _below(start, "", bounds.depth, IGNORED):
        # What lies behind a link to a folder cannot be matched, so it would be left out silently.
        if wanted.fullmatch(name) or (stat.S_ISLNK(mode) and (start / name).is_dir()):
            yield prefix + _regular(start, name, mode)


def _split(pattern: str) -> tuple[str, str]:
    """Return the folder that a pattern begins in and the rest: nothing outside this folder is looked at."""
    parts = pattern.split("/")
    literal = 0
    while literal < len(parts) and not _SPECIAL.search(parts[literal]):
        literal += 1
    return "/".join(parts[:literal]), "/".join(parts[literal:])


def translate(pattern: str) -> str:
    """Return the regular expression of a pattern; `**/` stands for any number of folders, also none.

    Raises:
        UsageError: a `[` is never closed, or what it holds is no set of characters (`bad-pattern`).
    """
    pieces = _PIECES.split(_MANY_FOLDERS.sub("**/", pattern))
    made = "".join(_piece(piece, pattern) if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    try:
        re.compile(made)
    except re.error as error:
        raise _bad_pattern(pattern) from error
    return made


def _piece(piece: str, pattern: str) -> str:
    if piece == "[" or "--" in piece:
        raise _bad_pattern(pattern)
    if piece.startswith("["):
        negated = piece.startswith("[!")
        body = re.escape(piece[1 + negated : -1]).replace(r"\-", "-")
        return f"[^/{body}]" if negated else f"[{body}]"
    return {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}[piece]


def _bad_pattern(pattern: str) -> UsageError:
    return UsageError(f"`{pattern}` is not a pattern", hint="a set of characters is written `[abc]` or `[a-z]`", code="bad-pattern")

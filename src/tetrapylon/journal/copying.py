"""Copies of a journal, and what can be read in its files without a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.journal.notes import NOTES
from tetrapylon.journal.searching import segments
from tetrapylon.journal.segment import segment_name
from tetrapylon.outside.disk import FolderDisk
from tetrapylon.outside.files import make_folder

_STEP = 1 << 20


@dataclass(frozen=True)
class Copied:
    """What was copied."""

    segments: tuple[str, ...]
    bytes: int
    complete: bool
    """Whether nothing was left out for its size."""


def copy_journal(folder: Path, target: Path, most: int) -> Copied:
    """Copy the newest segments, `most` bytes of them, and the notes to an empty folder; writers need not stop."""
    make_folder(target, 0o700)
    source, goal = FolderDisk(folder, private=True), FolderDisk(target, private=True)
    chosen: list[str] = []
    total = 0
    everything = [segment_name(*each) for each in segments(folder)]
    for name in sorted(everything, key=lambda each: each.partition("/")[2], reverse=True):
        size = sum(source.size(f"{name}/{file}") or 0 for file in ("records", "keys"))
        if total + size > most:
            continue
        total += size
        chosen.append(name)
        make_folder(target / name, 0o700)
        # Records first: the keys that they need were there before them.
        for file in ("records", "keys"):
            _copy(source, goal, f"{name}/{file}")
    if source.size(NOTES) is not None:
        _copy(source, goal, NOTES)
    return Copied(tuple(chosen), total, complete=len(chosen) == len(everything))


def _copy(source: FolderDisk, goal: FolderDisk, path: str) -> None:
    size = source.size(path) or 0
    with goal.change(path, new=True) as file:
        for offset in range(0, size, _STEP):
            file.write(offset, source.read(path, offset, min(offset + _STEP, size)) or b"")


@dataclass(frozen=True)
class Searched:
    """Where plain text was looked for."""

    found: tuple[str, ...]
    """Files that hold some of it."""

    open: tuple[str, ...]
    """Files that others than the owner can read."""

    complete: bool


def find_plain(folder: Path, needles: Sequence[bytes], most: int) -> Searched:
    """Look for plain text in every byte of the journal's files, `most` bytes of them, and at who may read them."""
    disk = FolderDisk(folder, private=True)
    found: list[str] = []
    readable: list[str] = []
    left = most
    for path in _files(folder):
        if path.stat().st_mode & 0o077:
            readable.append(path.relative_to(folder).as_posix())
        size = path.stat().st_size
        if size > left:
            left = -1
            continue
        left -= size if left >= 0 else 0
        if _holds(disk, path.relative_to(folder).as_posix(), size, needles):
            found.append(path.relative_to(folder).as_posix())
    return Searched(tuple(found), tuple(readable), complete=left >= 0)


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in sorted(folder.rglob("*")) if each.is_file())


def _holds(disk: FolderDisk, path: str, size: int, needles: Sequence[bytes]) -> bool:
    overlap = max(map(len, needles), default=1) - 1
    for offset in range(0, size, _STEP):
        data = disk.read(path, offset, offset + _STEP + overlap) or b""
        if any(each in data for each in needles):
            return True
    return False

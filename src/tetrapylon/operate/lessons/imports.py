"""Imports of others' advisories: read within bounds, kept in one file each, read back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tetrapylon.kernel.canonical import canonical_json, read_json
from tetrapylon.kernel.digest import digest_hex, sha256
from tetrapylon.kernel.errors import TetrapylonError, UsageError
from tetrapylon.operate.lessons.matching import Import
from tetrapylon.operate.lessons.others import Foreign, from_json, read_foreign
from tetrapylon.outside.bounds import GIB, MIB
from tetrapylon.outside.files import make_folder, opened, read_bytes, write_atomic

SCHEMA = "tetrapylon/foreign-advisories/1"
FOLDER = "advisories"

_MEMBERS = 500_000
_MEMBER = 4 * MIB
_KEPT = 1 * GIB


def read_file(path: Path) -> tuple[list[Foreign], list[str]]:
    """Return the advisories in a JSON file or a zip of them, and what in it was not understood.

    Raises:
        UsageError: nothing in it is an advisory, or it is larger than is read.
    """
    found: list[Foreign] = []
    unread: list[str] = []
    for name, data in _members(path):
        try:
            value = read_json(data, name)
            for each in value if isinstance(value, list) else [value]:
                found += read_foreign(each)
        except TetrapylonError as error:
            unread.append(f"{name}: {error.message}"[:200])
    if not found and unread:
        raise UsageError(f"`{path}` holds no advisory: {unread[0]}", hint="OSV records and CSAF documents are read", code="no-advisory")
    return found, unread


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    with opened(path) as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    if not is_zip:
        yield path.name, read_bytes(path, 64 * MIB)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if each.filename.endswith(".json")]
            if len(members) > _MEMBERS:
                raise UsageError(f"`{path}` holds more than {_MEMBERS} files", code="too-many-files")
            for each in members:
                with archive.open(each) as member:
                    data = member.read(_MEMBER + 1)
                if len(data) > _MEMBER:
                    raise UsageError(f"`{each.filename}` in `{path}` is larger than {_MEMBER} bytes", code="too-large")
                yield each.filename, data
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise UsageError(f"`{path}` is a broken zip file: {error}", code="malformed") from error


def keep(folder: Path, advisories: Sequence[Foreign], covers: Sequence[str], now: str) -> Path:
    """Keep what was imported; an earlier whole export of the same ecosystems is replaced."""
    make_folder(folder)
    data = canonical_json(
        {
            "schema": SCHEMA,
            "imported": now,
            "covers": sorted(covers),
            "newest": max((each.modified for each in advisories), default=""),
            "advisories": [each.as_json() for each in advisories],
        }
    )
    name = "-".join(["all", *sorted(covers)]) if covers else digest_hex(sha256(data))[:16]
    write_atomic(folder / f"{name}.json", data)
    return folder / f"{name}.json"


def kept(folder: Path) -> list[Import]:
    """Return everything that was imported.

    Raises:
        UsageError: a file of the folder is none of ours (`malformed`).
    """
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def _read(path: Path) -> Import:
    try:
        value = read_json(read_bytes(path, _KEPT), f"`{path.name}`")
        return Import(value["imported"], tuple(value["covers"]), value["newest"], tuple(from_json(each) for each in value["advisories"]))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise UsageError(f"`{path}` is not what `tetrapylon develop advisories import` wrote", code="malformed") from error


def digest_of(folder: Path) -> list[str]:
    """Return the digests of everything that was imported."""
    return [str(sha256(read_bytes(path, _KEPT))) for path in sorted(folder.glob("*.json"))]

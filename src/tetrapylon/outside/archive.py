"""Files as one stream (tar): written in a stable order, read back without trusting a single name in it."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO

from tetrapylon.kernel.errors import IntegrityError, UndecidedError
from tetrapylon.outside.files import opened, refused

INDEX = "index.json"
"""The first member: what the others are."""

_CHUNK = 1 << 20


def write_archive(stream: IO[bytes], index: bytes, root: Path, files: Mapping[str, tuple[str, int]]) -> None:
    """Write the index and every file; `files` gives digest and size by path.

    Raises:
        UndecidedError: a file is not what it was when the index was made (`changed-while-read`).
    """
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(_member(INDEX, len(index)), io.BytesIO(index))
        for name, (digest, size) in files.items():
            with opened(root / name, follow=False) as file:
                source = _Hashed(file)
                try:
                    archive.addfile(_member(f"files/{name}", size), source)
                    grown = bool(source.read(1))
                except OSError as error:
                    if "unexpected end" in str(error):
                        raise _changed(name) from error
                    raise
                if grown or source.digest() != digest:
                    raise _changed(name)


def _changed(name: str) -> UndecidedError:
    return UndecidedError(f"`{name}` changed while it was read", hint="run it again when nothing writes to it", code="changed-while-read")


def _member(name: str, size: int) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.size, found.mode, found.mtime = size, 0o600, 0
    return found


class _Hashed:
    """A file that knows the digest of what was read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        return data

    def digest(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"


def read_archive(stream: IO[bytes], expect: Callable[[bytes], Mapping[str, tuple[str, int]]], target: Path | None) -> list[str]:
    """Read an archive into a folder, or into nothing; return the paths whose content was what the index says.

    `expect` is handed the index and returns digest and size by path; every member must be named there, once.

    Raises:
        IntegrityError: a member that the index does not name, names twice or that is not a plain file (`bad-archive`), or
            one with another content, or one that is missing.
        StorageError: it cannot be written.
    """
    done: list[str] = []
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            members = iter(archive)
            wanted = dict(expect(_index(archive, next(members, None))))
            for each in members:
                name = each.name.removeprefix("files/")
                if not each.name.startswith("files/") or not each.isreg() or name not in wanted or name in done or not is_plain(name):
                    raise IntegrityError("the backup holds something that its list does not name", code="bad-archive")
                _restored(archive, each, wanted[name], None if target is None else target / name)
                done.append(name)
    except tarfile.TarError as error:
        raise IntegrityError(f"the backup is not whole: {error}", code="bad-archive") from error
    missing = sorted(set(wanted) - set(done))
    if missing:
        raise IntegrityError(f"the backup lacks {len(missing)} of its files, such as `{missing[0]}`", code="bad-archive")
    return done


def is_plain(name: str) -> bool:
    """Return whether a name leads to a place inside the folder that it is relative to."""
    parts = name.split("/")
    return bool(name) and "\\" not in name and "\0" not in name and not any(each in {"", ".", ".."} for each in parts)


def _index(archive: tarfile.TarFile, first: tarfile.TarInfo | None) -> bytes:
    if first is None or first.name != INDEX or not first.isreg() or first.size > 64 << 20:
        raise IntegrityError("the backup does not begin with its list", code="bad-archive")
    file = archive.extractfile(first)
    return file.read() if file else b""


def _restored(archive: tarfile.TarFile, member: tarfile.TarInfo, wanted: tuple[str, int], path: Path | None) -> None:
    digest, size = wanted
    source = archive.extractfile(member)
    found = hashlib.sha256()
    chunks: Iterable[bytes] = iter(lambda: source.read(_CHUNK), b"") if source and member.size == size else ()
    try:
        if path is None:
            for chunk in chunks:
                found.update(chunk)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                for chunk in chunks:
                    found.update(chunk)
                    file.write(chunk)
    except tarfile.TarError:
        raise
    except OSError as error:
        raise refused(path or Path(member.name), error) from error
    if member.size != size or f"sha256:{found.hexdigest()}" != digest:
        raise IntegrityError(f"`{member.name}` in the backup is not what its list says", code="bad-archive")

"""Archives and their encryption: whatever is changed, cut off or smuggled in is refused, and nothing is left behind."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tetrapylon.kernel.errors import IntegrityError, TetrapylonError, UndecidedError
from tetrapylon.outside.age import decrypt, encrypt, make_identity, read_identity
from tetrapylon.outside.archive import INDEX, read_archive, write_archive

Files = dict[str, tuple[str, int]]


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@pytest.fixture
def tree(tmp_path: Path) -> tuple[Path, Files]:
    root = tmp_path / "tree"
    (root / "sub").mkdir(parents=True)
    contents = {"a.txt": b"a" * 70_000, "sub/b.bin": bytes(range(256)) * 10}
    for name, data in contents.items():
        (root / name).write_bytes(data)
    return root, {name: (_digest(data), len(data)) for name, data in contents.items()}


def test_what_was_written_is_read_back(tree: tuple[Path, Files], tmp_path: Path) -> None:
    root, files = tree
    stream = io.BytesIO()
    write_archive(stream, b"{}", root, files)
    stream.seek(0)
    assert read_archive(stream, lambda _: files, tmp_path / "out") == list(files)
    assert (tmp_path / "out" / "sub" / "b.bin").read_bytes() == (root / "sub" / "b.bin").read_bytes()


def test_a_file_that_changes_meanwhile_ends_the_backup(tree: tuple[Path, Files]) -> None:
    root, files = tree
    for change in (b"a" * 69_999, b"b" * 70_000, b"a" * 70_001):
        (root / "a.txt").write_bytes(change)
        with pytest.raises(UndecidedError):
            write_archive(io.BytesIO(), b"{}", root, files)


def _crafted(*members: tuple[str, bytes, bytes]) -> io.BytesIO:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w|") as archive:
        for name, kind, data in ((INDEX, tarfile.REGTYPE, b"{}"), *members):
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(data) if kind == tarfile.REGTYPE else 0, "/etc/passwd"
            archive.addfile(info, io.BytesIO(data))
    stream.seek(0)
    return stream


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "a\\b", "", "./a", "a//b"])
def test_a_name_that_leads_out_is_refused_even_where_the_list_names_it(name: str, tmp_path: Path) -> None:
    files = {name: (_digest(b"x"), 1)}
    with pytest.raises(IntegrityError):
        read_archive(_crafted((f"files/{name}", tarfile.REGTYPE, b"x")), lambda _: files, tmp_path / "in" / "out")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize(
    "members",
    [
        [("files/a", tarfile.SYMTYPE, b"")],
        [("files/a", tarfile.LNKTYPE, b"")],
        [("files/a", tarfile.FIFOTYPE, b"")],
        [("files/a", tarfile.REGTYPE, b"x"), ("files/a", tarfile.REGTYPE, b"x")],
        [("files/b", tarfile.REGTYPE, b"x")],
        [("a", tarfile.REGTYPE, b"x")],
        [("files/a", tarfile.REGTYPE, b"y")],
        [("files/a", tarfile.REGTYPE, b"xx")],
        [],
    ],
)
def test_a_member_that_is_not_what_the_list_says_is_refused(members: list[tuple[str, bytes, bytes]], tmp_path: Path) -> None:
    files = {"a": (_digest(b"x"), 1)}
    assert read_archive(_crafted(("files/a", tarfile.REGTYPE, b"x")), lambda _: files, None) == ["a"]
    with pytest.raises(IntegrityError):
        read_archive(_crafted(*members), lambda _: files, tmp_path / "out")


@pytest.fixture
def sealed(tree: tuple[Path, Files], tmp_path: Path) -> tuple[Path, str, Files]:
    root, files = tree
    recipient = make_identity(tmp_path / "id.age")
    path = tmp_path / "backup.age"
    encrypt(lambda stream: write_archive(stream, b"{}", root, files), path, recipient)
    return path, read_identity(tmp_path / "id.age"), files


def _read(files: Files) -> Callable[[object], None]:
    return lambda stream: (read_archive(stream, lambda _: files, None), None)[1]  # type: ignore[arg-type]  # the stream of `decrypt`


def test_a_change_anywhere_in_the_encrypted_file_is_refused(sealed: tuple[Path, str, Files]) -> None:
    path, identity, files = sealed
    decrypt(path, identity, _read(files))
    whole = path.read_bytes()
    places = {0, 1, 20, 60, 120, 180, len(whole) - 1, *range(200, len(whole), len(whole) // 60)}
    for place in sorted(places):
        data = bytearray(whole)
        data[place] ^= 1
        path.write_bytes(data)
        with pytest.raises(IntegrityError):
            decrypt(path, identity, _read(files))


def test_a_file_that_was_cut_off_or_added_to_is_refused(sealed: tuple[Path, str, Files]) -> None:
    path, identity, files = sealed
    whole = path.read_bytes()
    for data in (b"", whole[:50], whole[:200], whole[: len(whole) // 2], whole[:-1], whole + b"x"):
        path.write_bytes(data)
        with pytest.raises(IntegrityError):
            decrypt(path, identity, _read(files))


def test_another_key_opens_nothing(sealed: tuple[Path, str, Files], tmp_path: Path) -> None:
    path, _, files = sealed
    make_identity(tmp_path / "other.age")
    with pytest.raises(IntegrityError):
        decrypt(path, read_identity(tmp_path / "other.age"), _read(files))


def _unwritable(stream: object, error: Exception) -> None:
    del stream
    raise error


def test_whatever_fails_while_writing_leaves_no_file(tmp_path: Path) -> None:
    recipient = make_identity(tmp_path / "id.age")
    for error in (UndecidedError("changed"), OSError(28, "No space left on device")):
        with pytest.raises(TetrapylonError):
            encrypt(partial(_unwritable, error=error), tmp_path / "b.age", recipient)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["id.age"]

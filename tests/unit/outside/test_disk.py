"""A folder says what the medium refused, in a sentence and with a hint."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tetrapylon.kernel.errors import StorageError
from tetrapylon.outside.disk import FolderDisk, WholeFiles, storage_error


@pytest.fixture
def disk(tmp_path: Path) -> FolderDisk:
    return FolderDisk(tmp_path)


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.ENOSPC, "full", "the disk is full"),
        (errno.EDQUOT, "full", "the disk quota is used up"),
        (errno.EFBIG, "full", "larger than is allowed"),
        (errno.EROFS, "read-only", "the disk is read-only"),
        (errno.EACCES, "permission", "permission was denied"),
        (errno.EPERM, "permission", "permission was denied"),
        (errno.EIO, "failing", "the disk reports an error"),
    ],
)
def test_every_refusal_has_a_sentence_and_a_hint(number: int, code: str, words: str) -> None:
    error = storage_error(OSError(number, os.strerror(number)), "write", "log/tail")
    assert (error.code, error.message.startswith("cannot write `log/tail`: "), words in error.message) == (code, True, True)
    assert error.hint


def test_an_unknown_refusal_is_told_in_the_systems_words() -> None:
    assert storage_error(OSError(errno.ELOOP, "Too many levels"), "read", "x").message == "cannot read `x`: too many levels"
    assert storage_error(OSError("odd"), "read", "x").message == "cannot read `x`: odd"


def test_parts_of_a_file_can_be_read_and_written(disk: FolderDisk) -> None:
    with disk.change("file", new=True) as file:
        file.write(0, b"0123456789")
        file.write(4, b"xx")
        file.truncate(8)
        file.sync()
    assert (disk.size("file"), disk.read("file"), disk.read("file", 2), disk.read("file", 3, 6)) == (8, b"0123xx67", b"23xx67", b"3xx")
    assert (disk.read("file", 7, 99), disk.read("file", 99), disk.read("file", 3, 3)) == (b"7", b"", b"")


def test_what_is_absent_is_none(disk: FolderDisk) -> None:
    WholeFiles(disk).write("file", b"")
    for path in ("none", "none/deeper", "file/deeper"):
        assert (disk.size(path), disk.read(path)) == (None, None)
    with pytest.raises(StorageError), disk.change("none"):
        pass


def test_whole_files_replace_each_other_and_leave_nothing_behind(disk: FolderDisk) -> None:
    whole = WholeFiles(disk)
    for data in (b"one", b"", b"three"):
        whole.write("a/b/c", data)
        assert disk.read("a/b/c") == data
    assert sorted(str(each.relative_to(disk.root)) for each in disk.root.rglob("*")) == ["a", "a/b", "a/b/c"]
    whole.remove_folder("a/b")
    whole.remove_folder("a/b")
    assert disk.read("a/b/c") is None
    whole.write("a/b/c", b"again")
    assert disk.read("a/b/c") == b"again"


def test_a_folder_in_a_files_place_is_refused(disk: FolderDisk) -> None:
    disk.make_folder("folder")
    with pytest.raises(StorageError, match=r"^cannot read "):
        disk.read("folder")
    with pytest.raises(StorageError, match=r"^cannot write "):
        WholeFiles(disk).write("folder", b"")
    with pytest.raises(StorageError, match=r"^cannot remove "):
        disk.remove_folder("scratch")


def test_a_shared_lock_on_an_absent_folder_makes_nothing(tmp_path: Path) -> None:
    with FolderDisk(tmp_path / "none").lock(shared=True):
        pass
    with FolderDisk(tmp_path / "a" / "b").lock(shared=False), FolderDisk(tmp_path / "none").lock(shared=True):
        pass
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["a", "b", "lock"]


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError), FolderDisk(tmp_path / "file" / "log").lock(shared=False):
        pass
    with FolderDisk(tmp_path / "file").lock(shared=True):
        pass

"""Reading, hashing and writing files on a real file system, and every way it refuses."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tetrapylon.kernel.errors import ConflictError, MissingError, StorageError, TetrapylonError, UndecidedError, UsageError
from tetrapylon.outside.files import find_upwards, hash_file, inside, make_folder, mode_of, read_bytes, refused, write_atomic


@contextmanager
def nobody(folder: Path) -> Iterator[None]:
    """Make the folder one that this process may not use: root becomes somebody else for a while."""
    folder.chmod(0)
    user = os.geteuid()
    if user == 0:
        try:
            os.seteuid(65534)
        except OSError:
            folder.chmod(0o700)
            pytest.skip("this root is nobody else's root: a user namespace with one user")
    try:
        yield
    finally:
        if user == 0:
            os.seteuid(0)
        folder.chmod(0o700)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the kernel refuse writing beyond this size: a real refusal in the middle of a write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"12345")
    assert read_bytes(file, 5) == b"12345"
    with pytest.raises(UsageError, match="larger than 4 bytes") as caught:
        read_bytes(file, 4)
    assert caught.value.code == "too-large"


def test_a_link_may_be_read_but_not_hashed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").symlink_to("a")
    assert read_bytes(tmp_path / "b") == b"x"
    with pytest.raises(UsageError) as caught:
        hash_file(tmp_path / "b")
    assert caught.value.code == "symlink"


def test_a_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    data = os.urandom(3_000_001)
    (tmp_path / "a").write_bytes(data)
    assert hash_file(tmp_path / "a") == "sha256:" + hashlib.sha256(data).hexdigest()


def test_a_file_beyond_the_bound_is_not_hashed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert hash_file(tmp_path / "a", 5)
    with pytest.raises(UsageError) as caught:
        hash_file(tmp_path / "a", 4)
    assert caught.value.code == "too-large"


def test_a_file_that_changes_meanwhile_is_undecided(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.truncate(1 << 26)
    stop = threading.Event()

    def writes() -> None:
        while not stop.is_set():
            os.utime(path)

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        with pytest.raises(UndecidedError) as caught:
            hash_file(path)
    finally:
        stop.set()
        writer.join()
    assert caught.value.code == "changed-while-read"


def special(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.path.relpath(path))
        listener.close()
    else:
        path = Path("/dev/null")
    return path


@pytest.mark.parametrize("kind", ["folder", "pipe", "socket", "device"])
def test_special_files_are_refused_without_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = special(tmp_path, kind)
    for take in (read_bytes, hash_file):
        with pytest.raises(UsageError) as caught:
            take(path)
        assert caught.value.code == "not-a-file"


@pytest.mark.parametrize("name", ["none", "none/at/all", "file/below", "nul\0"])
def test_what_is_not_there_is_missing(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    for take in (read_bytes, hash_file, mode_of):
        with pytest.raises(MissingError) as caught:
            take(tmp_path / name)
        assert caught.value.code == "no-such-file"


def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / "a").touch()
    with nobody(folder):
        for take in (read_bytes, hash_file, mode_of):
            with pytest.raises(StorageError, match="permission is denied"):
                take(folder / "a")


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="name is too long"):
        read_bytes(tmp_path / ("x" * 300))


def test_a_read_that_fails_is_said() -> None:
    # Address 0 of this process is not mapped: opening works, reading fails with EIO.
    for take in (read_bytes, hash_file):
        with pytest.raises(StorageError, match="cannot be read: the medium failed"):
            take(Path("/proc/self/mem"))


def test_writing_replaces_whole_and_leaves_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a"
    write_atomic(file, b"old")
    write_atomic(file, b"new")
    assert file.read_bytes() == b"new"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o400])
def test_the_mode_holds_whatever_the_umask(tmp_path: Path, mode: int) -> None:
    old = os.umask(0o077)
    try:
        write_atomic(tmp_path / "a", b"x", mode)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == mode


def test_an_existing_file_can_be_kept(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a", b"old", replace=False)
    with pytest.raises(ConflictError) as caught:
        write_atomic(tmp_path / "a", b"new", replace=False)
    assert caught.value.code == "exists"
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"keep")
    (tmp_path / "a").symlink_to("target")
    write_atomic(tmp_path / "a", b"new")
    assert (tmp_path / "target").read_bytes() == b"keep"
    assert not (tmp_path / "a").is_symlink()


def test_a_write_that_is_cut_off_leaves_the_old_file(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a", b"old")
    with files_of_at_most(1000), pytest.raises(StorageError, match="larger than a file may be") as caught:
        write_atomic(tmp_path / "a", bytes(100_000))
    assert caught.value.code == "not-written"
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_folder_that_may_not_be_written_to_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    with nobody(folder), pytest.raises(StorageError, match="permission is denied") as caught:
        write_atomic(folder / "a", b"x")
    assert caught.value.hint
    assert names(folder) == []


def test_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for path, words in (("none/a", "its folder is not there"), ("file/a", "is not a folder"), ("folder", "a folder of this name")):
        with pytest.raises(StorageError, match=words):
            write_atomic(tmp_path / path, b"x")
    assert names(tmp_path) == ["file", "folder"]


@pytest.mark.parametrize(("code", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EBUSY, "busy"), (None, "")])
def test_each_refusal_has_its_sentence(code: int | None, words: str) -> None:
    error = refused(Path("x"), OSError(code, "said") if code else OSError("said"))
    assert words in error.message
    assert error.code == "not-written"


def test_folders_are_made_once(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b", 0o700)
    make_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        make_folder(tmp_path / "file" / "below")


def test_the_nearest_file_upwards_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "m.toml").touch()
    (deep / "m.toml").mkdir()
    assert find_upwards(deep, "m.toml") == tmp_path / "m.toml"
    (tmp_path / "a" / "m.toml").touch()
    assert find_upwards(deep, "m.toml") == tmp_path / "a" / "m.toml"
    monkeypatch.chdir(deep)
    assert find_upwards(Path(), "m.toml") == tmp_path / "a" / "m.toml"
    assert find_upwards(deep, "no-such-name.toml") is None


def test_looking_upwards_passes_what_may_not_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    with nobody(folder):
        assert find_upwards(folder, "no-such-name.toml") is None


def test_inside_is_inside(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "f").touch()
    (tmp_path / "link").symlink_to("a")
    assert inside(tmp_path, "a/f") == tmp_path / "a" / "f"
    for name, family in (("link/f", UsageError), ("link", UsageError), ("a/none", MissingError), ("a/f/g", MissingError)):
        with pytest.raises(TetrapylonError) as caught:
            inside(tmp_path, name)
        assert type(caught.value) is family

"""A repository is read within bounds, without following links, and whatever is in it, there is a view and no traceback."""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapylon.kernel.errors import MissingError
from tetrapylon.outside.repository.limits import Limits
from tetrapylon.outside.repository.read import read_repository
from tetrapylon.outside.repository.view import Repository
from tetrapylon.system.finding import Unseen

MIB = 1 << 20


def write(root: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def whys(repository: Repository) -> dict[str, str]:
    return {each.path: each.why for each in repository.unseen}


def test_files_are_read_by_what_they_are(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": b"import os\nos.getcwd()\n",
            "b/Dockerfile": b"FROM x\n",
            "m.onnx": b"\x08\x07\0",
            "uv.lock": b"x = 1\n",
            "é.ts": b"let a\n",
        },
    )
    view = read_repository(tmp_path)
    assert [(each.path, each.language) for each in view.files] == [
        ("a.py", "python"),
        ("b/Dockerfile", "dockerfile"),
        ("uv.lock", "lock"),
        ("é.ts", "javascript"),
    ]
    assert [(each.path, each.size, each.head) for each in view.artefacts] == [("m.onnx", 3, b"\x08\x07\0")]
    assert [call.name for _, call in view.calls_of("getcwd")] == ["os.getcwd"]
    assert view.unseen == ()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        read_repository(tmp_path / "none")


@pytest.mark.parametrize("name", ["node_modules/x/i.py", "vendor/x.py", "third_party/x.py", "lib/python3/site-packages/x.py"])
def test_code_of_others_is_left_out_and_said(name: str, tmp_path: Path) -> None:
    write(tmp_path, {name: b"eval('1')\n", "own.py": b"x = 1\n"})
    view = read_repository(tmp_path)
    assert [each.path for each in view.files] == ["own.py"]
    assert [(each.why, each.deliberate) for each in view.unseen] == [("is code of others", True)]


def test_environments_and_builds_are_known_by_what_is_beside(tmp_path: Path) -> None:
    write(tmp_path, {"my-env/pyvenv.cfg": b"", "my-env/a.py": b"", "web/package.json": b"{}", "web/dist/a.js": b"", "docs/dist/b.js": b""})
    write(tmp_path, {"src/setup.py": b"", "src/build/__init__.py": b"", ".git/config": b""})
    view = read_repository(tmp_path)
    assert [each.path for each in view.files] == ["docs/dist/b.js", "src/build/__init__.py", "src/setup.py", "web/package.json"]
    assert whys(view) == {"my-env": "is an environment of Python", "web/dist": "is made by a build"}


def test_links_are_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(tmp_path, {"root/a.py": b"", "secret.py": b"x = 1\n"})
    (root / "loop").symlink_to(root)
    (root / "self").symlink_to("self")
    (root / "out.py").symlink_to(tmp_path / "secret.py")
    (root / "up").symlink_to("..")
    view = read_repository(root)
    assert [each.path for each in view.files] == ["a.py"]
    assert sorted(whys(view)) == ["out.py", "up"]


def test_pipes_sockets_and_submodules_are_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    here = Path.cwd()
    os.chdir(tmp_path)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("s.py")
    finally:
        os.chdir(here)
    write(tmp_path, {".gitmodules": b'[submodule "x"]\n\tpath = libs/x\n\turl = y\n'})
    (tmp_path / "libs" / "x").mkdir(parents=True)
    view = read_repository(tmp_path)
    assert view.unseen == (
        Unseen("libs/x", "is a submodule that is not checked out", deliberate=False),
        Unseen("pipe.py", "is a pipe, a socket or a device", deliberate=True),
        Unseen("s.py", "is a pipe, a socket or a device", deliberate=True),
    )


def test_what_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Refused by hand, because root may read everything.
    write(tmp_path, {"a.py": b"x = 1\n", "d/b.py": b""})
    opened: Callable[..., int] = os.open
    scanned: Callable[..., Iterator[os.DirEntry[str]]] = os.scandir

    def allowed(path: str) -> str:
        if path.endswith(("a.py", "d")):
            raise PermissionError(errno.EACCES, "no", path)
        return path

    monkeypatch.setattr(os, "open", lambda path, flags: opened(allowed(path), flags))
    monkeypatch.setattr(os, "scandir", lambda path: scanned(allowed(path)))
    assert whys(read_repository(tmp_path)) == dict.fromkeys(["a.py", "d"], "cannot be read: permission is denied")


def test_a_file_that_goes_away_while_reading_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.py": b"x = 1\n", "b.py": b"y = 1\n"})
    opened: Callable[..., int] = os.open

    def gone(path: str, flags: int) -> int:
        if path.endswith("b.py"):
            Path(path).unlink()
        return opened(path, flags)

    monkeypatch.setattr(os, "open", gone)
    view = read_repository(tmp_path)
    assert [each.path for each in view.files] == ["a.py"]
    assert whys(view) == {"b.py": "cannot be read: it went away"}


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    for name in ("huge.py", "huge.csv"):
        with (tmp_path / name).open("wb") as file:
            file.write(b"a,b\n1,2\n" * 1000)
            file.truncate(100 * MIB)
    view = read_repository(tmp_path)
    assert [(each.path, each.size, len(each.head)) for each in view.artefacts] == [
        ("huge.csv", 100 * MIB, 4096),
        ("huge.py", 100 * MIB, 4096),
    ]
    assert whys(view) == {"huge.py": "is too large to be read as text"}


def test_many_files_and_deep_folders_are_bounded(tmp_path: Path) -> None:
    write(tmp_path, {f"d/{each}.py": b"" for each in range(30)})
    write(tmp_path, {"/".join("abcdefgh") + "/x.py": b""})
    view = read_repository(tmp_path, Limits(files=10, depth=4))
    assert len(view.files) == 10
    assert set(whys(view).values()) == {"only the first 10 files were looked at", "lies deeper than 4 folders"}


def test_only_so_much_python_is_parsed(tmp_path: Path) -> None:
    write(tmp_path, {f"{each}.py": b"x = 1\n" * 100 for each in range(4)})
    view = read_repository(tmp_path, Limits(all_python=1300))
    assert (len(view.files), len(view.python)) == (4, 2)
    assert len(view.unseen) == 2


DEEP = {
    "parentheses": "(" * 5000 + ")" * 5000,
    "lists": "[" * 5000 + "]" * 5000,
    "nots": "not " * 5000 + "x",
    "attributes": "a" + ".b" * 5000,
    "calls": "a" + "()" * 5000,
    "sums": "1" + " + 1" * 5000,
    "powers": "1" + "**1" * 5000,
    "minuses": "-" * 5000 + "1",
    "lambdas": "lambda: " * 5000 + "1",
    "elifs": "if a: pass\n" + "elif b: pass\n" * 5000,
    "indents": "".join(" " * each + "if x:\n" for each in range(99)) + " " * 99 + "pass",
    "half": "x = (" * 5000,
    "attributes that parse": "a" + ".b" * 900,
    "sums that parse": "'a'" + " + 'a'" * 900,
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_ends_nothing(name: str) -> None:
    view = Repository.of_texts({"a.py": DEEP[name], "b.py": "eval('x')\n"})
    assert [each.path for each in view.files] == ["a.py", "b.py"]
    # What is deeper than others can walk is text alone, and said.
    assert len(view.python) == (2 if name == "indents" else 1)
    assert len(view.unseen) == (0 if name == "indents" else 1)
    assert [call.name for _, call in view.calls_of("eval")] == ["eval"]


def test_broken_python_is_text_and_said() -> None:
    view = Repository.of_texts({"a.py": "print 'x'\n", "b.py": "x = 1\0\n", "c.py": "x = '\\d'\n"})
    assert [each.path for each in view.files] == ["a.py", "c.py"]
    assert [each.path for each in view.artefacts] == ["b.py"]
    assert [each.path for each in view.python] == ["c.py"]
    (unseen,) = view.unseen
    assert (unseen.path, unseen.deliberate) == ("a.py", False)
    assert "in line 1" in unseen.why


ENCODED = {
    "utf-8": ("x = 'é'\n".encode(), ""),
    "bom": ("﻿x = 'é'\n".encode(), ""),
    "utf-16": ("x = 'é'\n".encode("utf-16"), ""),
    "utf-32": ("x = 'é'\n".encode("utf-32"), ""),
    "declared": ("# -*- coding: cp1252 -*-\nx = 'é'\n".encode("cp1252"), ""),
    "declared in line 2": ("#!/bin/python\n# vim: fileencoding=latin-1\nx = 'é'\n".encode("latin-1"), ""),
    "latin-1": ("x = 'é'\n".encode("latin-1"), "is not UTF-8: read as Latin-1"),
    "a lie": ("# coding: ascii\nx = 'é'\n".encode("latin-1"), "is not in the encoding that it declares (`ascii`): read as Latin-1"),
    "not for text": (b"# coding: unicode_escape\nx = '\xc3\xa9'\n", ""),
    "mac": ("x = 'é'\r\n".encode(), ""),
}


@pytest.mark.parametrize("name", ENCODED)
def test_encodings(name: str, tmp_path: Path) -> None:
    data, note = ENCODED[name]
    write(tmp_path, {"a.py": data})
    view = read_repository(tmp_path)
    assert view.files[0].text.endswith("x = 'é'\n")
    assert len(view.python) == 1
    assert [(each.why, each.deliberate) for each in view.unseen] == ([(note, True)] if note else [])


def test_a_name_that_is_not_text_is_made_readable(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py")).write_bytes(b"x = 1\n")
    assert [each.path for each in read_repository(tmp_path).files] == ["caf�.py"]


def test_minified_scripts_are_said() -> None:
    view = Repository.of_texts({"a.js": "a=1;" * 3000, "b.min.js": "x", "c.js": "let a = 1\n" * 3000})
    assert [each.path for each in view.files] == ["c.js"]
    assert whys(view) == dict.fromkeys(["a.js", "b.min.js"], "is a minified script")


def test_many_of_a_kind_are_one_line(tmp_path: Path) -> None:
    write(tmp_path, {f"{each}.py": b"print 'x'\n" for each in "abcdefgh"})
    (unseen,) = read_repository(tmp_path).unseen
    assert unseen.path == "a.py"
    assert unseen.why.endswith("(and 7 more like it)")


def test_the_digest_is_that_of_what_was_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": b"x = 1\n", "b.bin": b"\0"})
    first = read_repository(tmp_path).digest
    assert read_repository(tmp_path).digest == first
    (tmp_path / "b.bin").write_bytes(b"\1\0")
    assert read_repository(tmp_path).digest != first


def test_samples_are_read_as_a_disk_is(tmp_path: Path) -> None:
    texts = {"a.py": "x = 1\n", "b.py": "x =\n", "n.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]}), "c.js": "//"}
    write(tmp_path, {name: text.encode() for name, text in texts.items()})
    here, there = Repository.of_texts(texts), read_repository(tmp_path)
    assert (here.files, here.artefacts, here.unseen, here.digest) == (there.files, there.artefacts, there.unseen, there.digest)
    assert [(each.path, each.cell) for each in here.python] == [(each.path, each.cell) for each in there.python]


@given(st.sampled_from(["a.py", "a.ipynb", "a.json", "a.js", "a.yaml", "Dockerfile", "a.lock", "x"]), st.binary(max_size=400))
def test_no_bytes_end_it(tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes) -> None:
    root = tmp_path_factory.mktemp("any")
    write(root, {name: data})
    view = read_repository(root)
    assert len(view.files) + len(view.artefacts) + len(view.unseen) >= 1
    assert all(len(each.code) == len(each.text) for each in view.files)


PIECES = st.lists(st.sampled_from(['"', "'", "`", "\\", "/*", "*/", "//", "#", "\n", '"""', "x", " ", "(", "é"]), max_size=60).map("".join)


@given(st.sampled_from(["a.py", "a.ts", "a.sh", "a.yml", "a.toml", "Dockerfile"]), PIECES)
def test_blanking_comments_keeps_every_place(name: str, text: str) -> None:
    for file in Repository.of_texts({name: text}).files:
        assert [(a, b) for a, b in zip(file.text, file.code, strict=True) if b not in {a, " "}] == []
        assert file.code.count("\n") == file.text.count("\n")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.ts", "a('http://x') // b\n/* c\nd */ e", "a('http://x')     \n    \n     e"),
        ("a.ts", "`${a} // b` + '//' // c", "`${a} // b` + '//'     "),
        ("a.sh", "a '#b' # c\n#d", "a '#b'    \n  "),
        ("a.yml", "a: b#c # d\n", "a: b#c    \n"),
        ("a.toml", 'a = """\n# b\n"""\n# c', 'a = """\n# b\n"""\n   '),
        ("a.py", "x = '''\n# a''' # b", "x = '''\n# a'''    "),
        ("Dockerfile", "# a\nRUN x # b", "   \nRUN x # b"),
    ],
)
def test_comments_are_blank_in_code(name: str, text: str, code: str) -> None:
    assert [each.code for each in Repository.of_texts({name: text}).files] == [code]


@pytest.mark.parametrize(
    "text", ["`" + "\\`" * 200_000, '"' + '\\"' * 200_000, "/*" * 200_000, "'" * 400_000, '"""' * 100_000 + "\\" * 99_999]
)
@pytest.mark.parametrize("name", ["a.js", "a.toml", "a.sh"])
def test_blanking_comments_is_linear(name: str, text: str) -> None:
    # Quadratic work on this much would take minutes.
    for file in Repository.of_texts({name: text + "\n" * 2000}).files:
        assert len(file.code) == len(file.text)

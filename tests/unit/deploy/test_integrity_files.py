"""Which files a model consists of, and which are refused."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.deploy.signed import FILES, write_folder
from tetrapylon.deploy.integrity.files import LARGE, hash_files, ignorable, model_files, read_model
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import MissingError, UsageError


def test_a_folder_is_its_files_in_the_order_of_a_signature(tmp_path):
    model = write_folder(tmp_path / "m")
    (model / "tokenizer-old").write_bytes(b"")
    assert model_files(model) == ["config.json", "empty", "tokenizer/vocab.txt", "tokenizer-old", "weights.bin"]


def test_the_order_is_that_of_paths(tmp_path):
    model = tmp_path / "m"
    names = ["a/b", "a-b", "a.b", "a b", "B", "é", "a/a/z", "ab"]
    for name in names:
        (model / name).parent.mkdir(parents=True, exist_ok=True)
        (model / name).write_bytes(b"")
    assert model_files(model) == [str(each) for each in sorted(map(PurePosixPath, names))]


def test_a_file_is_one_file(tmp_path):
    model = tmp_path / "m.bin"
    model.write_bytes(b"x")
    manifest = read_model(model)
    assert [(each.name, each.digest) for each in manifest.resources] == [(".", sha256(b"x"))]
    assert (manifest.name, manifest.ignore_paths) == ("m.bin", ())


def test_what_is_read_is_what_would_be_signed(tmp_path):
    manifest = read_model(write_folder(tmp_path / "m"), ["tokenizer/"])
    assert {each.name: each.digest for each in manifest.resources} == {n: sha256(d) for n, d in FILES.items() if "/" not in n}
    assert manifest.ignore_paths == (".git", ".gitattributes", ".github", ".gitignore", "tokenizer")


def test_version_control_is_no_part_of_a_model(tmp_path):
    model = write_folder(tmp_path / "m")
    (model / ".git" / "hooks").mkdir(parents=True)
    (model / ".git" / "hooks" / "run").symlink_to("/bin/sh")
    (model / ".gitattributes").write_bytes(b"*.bin lfs")
    assert [each.name for each in read_model(model).resources] == sorted(FILES)


@pytest.mark.parametrize("given_names", [["/etc"], ["../x"], ["."], [""], ["a/../b"]])
def test_what_lies_outside_cannot_be_ignored(given_names):
    assert ignorable(given_names) == frozenset()


def test_ignored_names_have_one_spelling():
    assert ignorable(["./a/", "a", "b//c"]) == {"a", "b/c"}


def test_links_are_refused_unless_followed(tmp_path):
    model = write_folder(tmp_path / "m")
    (tmp_path / "elsewhere").write_bytes(b"weights")
    (model / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError) as caught:
        model_files(model)
    assert caught.value.code == "symlink"
    names = model_files(model, links=True)
    assert dict(zip(names, hash_files(model, names, links=True), strict=True))["link"] == sha256(b"weights")
    with pytest.raises(UsageError) as caught:
        hash_files(model, ["link"])
    assert caught.value.code == "symlink"


@pytest.mark.parametrize("target", ["folder", "nowhere", "link"])
def test_links_to_no_file_are_always_refused(tmp_path, target):
    model = write_folder(tmp_path / "m")
    (tmp_path / "folder").mkdir()
    (model / "link").symlink_to(tmp_path / target if target != "link" else model / "link")
    with pytest.raises(UsageError) as caught:
        model_files(model, links=True)
    assert caught.value.code == "symlink"


def test_a_model_that_is_a_link_is_refused_unless_followed(tmp_path):
    write_folder(tmp_path / "m")
    (tmp_path / "here").symlink_to(tmp_path / "m")
    with pytest.raises(UsageError) as caught:
        model_files(tmp_path / "here")
    assert caught.value.code == "symlink"
    assert model_files(tmp_path / "here", links=True) == model_files(tmp_path / "m")


def test_special_files_and_odd_names_are_refused(tmp_path):
    model = write_folder(tmp_path / "m")
    os.mkfifo(model / "pipe")
    with pytest.raises(UsageError) as caught:
        model_files(model)
    assert caught.value.code == "not-a-file"
    (model / "pipe").unlink()
    Path(os.fsdecode(os.fsencode(model) + b"/\xff")).write_bytes(b"")
    with pytest.raises(UsageError) as caught:
        model_files(model)
    assert caught.value.code == "bad-name"


def test_folders_that_are_too_deep_are_refused(tmp_path):
    deep = tmp_path.joinpath("m", *["d"] * 70)
    deep.mkdir(parents=True)
    (deep / "f").write_bytes(b"")
    with pytest.raises(UsageError) as caught:
        model_files(tmp_path / "m")
    assert caught.value.code == "too-deep"


def test_nothing_there_and_nothing_in_it(tmp_path):
    with pytest.raises(MissingError):
        model_files(tmp_path / "none")
    (tmp_path / "m").mkdir()
    with pytest.raises(MissingError) as caught:
        read_model(tmp_path / "m")
    assert caught.value.code == "empty-folder"


def test_large_files_are_hashed_side_by_side_in_order(tmp_path):
    contents = {str(each): bytes([each]) * (LARGE + each) for each in range(3)} | {"small": b"s"}
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    names = [*contents]
    assert hash_files(tmp_path, names) == [sha256(contents[each]) for each in names]
    with pytest.raises(MissingError):
        hash_files(tmp_path, [*names, "gone"])


PARTS = st.text(st.sampled_from("ab.-é "), min_size=1, max_size=3).filter(lambda each: each not in {".", ".."})


@given(st.lists(st.lists(PARTS, min_size=1, max_size=3), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_file_is_found_once(tmp_path_factory, paths):
    model = tmp_path_factory.mktemp("m")
    for parts in paths:
        path = model.joinpath(*parts)
        if not any(each.is_file() for each in path.parents) and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
    wanted = sorted(each.relative_to(model) for each in model.rglob("*") if each.is_file())
    assert [PurePosixPath(each) for each in model_files(model)] == [PurePosixPath(each) for each in wanted]

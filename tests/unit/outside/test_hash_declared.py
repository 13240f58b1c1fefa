"""From a manifest and its folder to assets: an edit changes what it touches, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tetrapylon.kernel.errors import MissingError, TetrapylonError, UsageError
from tetrapylon.outside.assets import hash_declared
from tetrapylon.system.assets import Asset, declared, diff, release_digest
from tetrapylon.system.decode import decode_manifest

MANIFEST = """\
schema = "tetrapylon/manifest/1"
[system]
id = "x"
release = "1"
role = "provider"
criticality = "low"
purpose = "Tries"
code = ["src/**/*.py"]
locks = ["requirements.lock"]
guards = ["guards/input.toml"]
[[model]]
id = "reader"
path = "models/reader"
trained-from = ["digits"]
signature = "models/reader/model.sig"
[[model]]
id = "hosted"
endpoint = "http://127.0.0.1:8600/v1"
[[dataset]]
id = "digits"
path = "data/digits.csv"
sensitivity = "internal"
[[prompt]]
id = "system"
path = "prompts/system.md"
[[tool]]
id = "refund"
effect = "irreversible"
arguments = "tools/refund.json"
"""
FILES = ["src/a.py", "src/b/c.py", "requirements.lock", "guards/input.toml", "models/reader/weights", "models/reader/config"]
FILES += ["data/digits.csv", "prompts/system.md", "tools/refund.json", "README.md"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def assets(project: Path, manifest: str = MANIFEST) -> list[Asset]:
    return hash_declared(project, declared(decode_manifest(manifest)))


def test_every_asset_is_there(project: Path) -> None:
    found = {(each.kind, each.id): each.path for each in assets(project)}
    assert found == {
        ("manifest", "manifest"): None,
        ("code", "code"): None,
        ("lock", "requirements.lock"): "requirements.lock",
        ("guard", "guards/input.toml"): "guards/input.toml",
        ("model-file", "reader"): "models/reader",
        ("model-hosted", "hosted"): None,
        ("dataset", "digits"): "data/digits.csv",
        ("prompt", "system"): "prompts/system.md",
        ("tool", "refund"): "tools/refund.json",
    }


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("README.md", None),
        ("models/reader/model.sig", None),
        ("src/notes.txt", None),
        ("src/__pycache__/a.py", None),
        ("src/a.py", ("code", "code")),
        ("src/new.py", ("code", "code")),
        ("requirements.lock", ("lock", "requirements.lock")),
        ("guards/input.toml", ("guard", "guards/input.toml")),
        ("models/reader/weights", ("model-file", "reader")),
        ("models/reader/added", ("model-file", "reader")),
        ("data/digits.csv", ("dataset", "digits")),
        ("prompts/system.md", ("prompt", "system")),
        ("tools/refund.json", ("tool", "refund")),
    ],
)
def test_an_edit_changes_what_it_touches(project: Path, file: str, changed: tuple[str, str] | None) -> None:
    before = assets(project)
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_text("edited")
    after = assets(project)
    found = diff(before, after)
    assert [(old.kind, old.id) for old, _ in found.changed] == ([changed] if changed else [])
    assert not found.added
    assert not found.removed
    assert (release_digest(before) == release_digest(after)) == (changed is None)


@pytest.mark.parametrize(
    ("file", "at"),
    [
        ("requirements.lock", "system.locks[0]"),
        ("data/digits.csv", "dataset[0].path"),
        ("prompts/system.md", "prompt[0].path"),
        ("tools/refund.json", "tool[0].arguments"),
    ],
)
def test_what_is_missing_is_named_by_its_place(project: Path, file: str, at: str) -> None:
    (project / file).unlink()
    with pytest.raises(MissingError) as caught:
        assets(project)
    assert f"(declared as `{at}`)" in caught.value.message
    assert file in caught.value.message


def test_code_that_is_not_there_is_missing(project: Path) -> None:
    with pytest.raises(MissingError, match=r"declared as `system\.code`"):
        assets(project, MANIFEST.replace("src/**/*.py", "src/**/*.rs"))


@pytest.mark.parametrize("name", ["models", "models/reader", "data/digits.csv", "tools/refund.json"])
def test_a_link_on_the_way_is_refused(project: Path, tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "it"
    (project / name).rename(elsewhere)
    (project / name).symlink_to(elsewhere)
    with pytest.raises(UsageError) as caught:
        assets(project)
    assert caught.value.code == "symlink"


def test_the_folder_of_the_project_may_itself_be_reached_by_a_link(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("elsewhere") / "project"
    link.symlink_to(project)
    assert assets(link) == assets(project)


def test_errors_keep_their_family(project: Path) -> None:
    (project / "data" / "digits.csv").unlink()
    (project / "data" / "digits.csv").mkdir()
    with pytest.raises(TetrapylonError) as caught:
        assets(project)
    assert (type(caught.value), caught.value.code) == (MissingError, "empty-folder")

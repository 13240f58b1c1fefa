"""Who can reach files, keys and environments on this machine, and which secrets lie open, also in what was deleted."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tetrapylon.deploy.access.apart import shared
from tetrapylon.deploy.access.declared import Apart, Declared
from tetrapylon.deploy.access.jobs import identities, judged
from tetrapylon.deploy.access.plain import plain, state
from tetrapylon.deploy.access.storage import standing, storage
from tetrapylon.evidence.key import PublicKey
from tetrapylon.evidence.roots import role_grants
from tetrapylon.outside.history import Limits, history
from tetrapylon.outside.repository.read import read_repository

FACTS: dict[str, Any] = {
    "system": {"id": "desk", "code": ["train.py"], "locks": ["requirements.lock"]},
    "model": [{"id": "reader", "path": "models/reader.onnx"}],
    "dataset": [
        {"id": "digits", "path": "data/digits.csv", "sensitivity": "internal"},
        {"id": "people", "path": "data/people.csv", "sensitivity": "restricted", "personal": True},
    ],
    "environment": [
        {"id": "training", "stage": "training", "sensitive": True, "holds": ["digits", "reader"]},
        {"id": "production", "stage": "production", "sensitive": True, "holds": ["people", "reader"]},
    ],
}
SECRET = "Zq3vT8mK5xW1nB7cR9pL2sD4fG6hJ0yA"


def write(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(mode)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "desk"
    for name in ("train.py", "requirements.lock", "tetrapylon.toml", "models/reader.onnx", "data/digits.csv"):
        write(root / name, "x = 1\n")
    write(root / "data/people.csv", "name\n", 0o600)
    write(root / ".tetrapylon/keys/build.pem", "-\n", 0o600)
    write(root / "training.env", f"API_KEY={SECRET}\nREGION=europe-west\nDEBUG_KEY=true\n", 0o600)
    write(root / "production.env", f"export API_KEY='{SECRET[::-1]}'\nREGION=europe-west\n", 0o600)
    for each in (root, root / "data", root / "models"):
        each.chmod(0o755)
    (root / ".tetrapylon/keys").chmod(0o700)
    return root


SECRETS = ("training.env", "production.env")


def test_a_sound_folder_is_sound(root: Path) -> None:
    found = storage(root, FACTS, SECRETS)
    assert (found.answer, found.unseen) == (0, [])
    assert found.count > 8


@pytest.mark.parametrize(
    ("name", "mode", "said"),
    [
        (".tetrapylon/keys/build.pem", 0o644, "is not for its owner alone"),
        (".tetrapylon/keys", 0o755, "is not for its owner alone"),
        ("training.env", 0o604, "is not for its owner alone"),
        ("data/people.csv", 0o644, "may be read by every account"),
        ("models/reader.onnx", 0o666, "may be changed by others"),
        ("data/digits.csv", 0o646, "may be changed by others"),
        ("train.py", 0o757, "may be changed by others"),
        ("requirements.lock", 0o666, "may be changed by others"),
        ("tetrapylon.toml", 0o666, "may be changed by others"),
        ("models", 0o777, "may be changed by others"),
        (".", 0o777, "may be changed by others"),
    ],
)
def test_what_others_can_reach_is_found(root: Path, name: str, mode: int, said: str) -> None:
    (root / name).chmod(mode)
    found = storage(root, FACTS, SECRETS)
    assert found.answer == 1, found.wrong
    assert f"`{name}` (" in found.wrong[0]
    assert said in found.wrong[0]
    assert SECRET not in str(found)


def test_a_closed_folder_keeps_sensitive_data_from_others(root: Path) -> None:
    (root / "data/people.csv").chmod(0o644)
    (root / "data").chmod(0o750)
    assert storage(root, FACTS, SECRETS).answer == 0


def test_a_group_of_ones_own_is_nobody_else(root: Path) -> None:
    from tetrapylon.outside import owners

    (root / "models/reader.onnx").chmod(0o664)
    found = owners.owned(root / "models/reader.onnx")
    assert found.others_write is found.group_shared
    assert replace(found, group_shared=True).others_write
    assert not replace(found, group_shared=False).others_write


def test_what_cannot_be_seen_is_not_sound(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(*_: object, **__: object) -> list[str]:
        return ["system.posix_acl_access"]

    monkeypatch.setattr(os, "listxattr", listed)
    found = storage(root, FACTS, SECRETS)
    assert found.answer is None
    assert "access list" in found.unseen[0]


def test_standing_rights_on_weights(root: Path) -> None:
    (root / "models/reader.onnx").chmod(0o640)
    assert standing(root, FACTS).answer == 0
    granted = {**FACTS, "service": [{"id": "robot", "may": ["read:reader", "infer:reader"]}]}
    assert standing(root, granted).wrong == ["`robot` may read `reader` without an end"]
    (root / "models/reader.onnx").chmod(0o644)
    assert standing(root, FACTS).answer == 1


DECLARED = Declared(
    environment=(
        Apart(id="training", secrets=("training*.env",), folders=("data/digits.csv",)),
        Apart(id="production", secrets=("production.env",), folders=("data/people.csv",)),
    )
)


def across(root: Path, facts: dict[str, Any] = FACTS, declared: Declared = DECLARED) -> list[str]:
    """Return what is shared, without the account that whoever runs the tests has."""
    found = shared(root, facts, declared)
    accounts = [each for each in found.wrong if "one account" in each]
    assert len(accounts) == 1
    return [each for each in found.wrong if each not in accounts]


def test_environments_of_one_account_are_not_apart(root: Path) -> None:
    assert across(root) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to somebody else")
def test_environments_of_their_own_accounts_are_apart(root: Path) -> None:
    for name in ("production.env", "data/people.csv"):
        os.chown(root / name, 65001, 65001)
    found = shared(root, FACTS, DECLARED)
    assert (found.answer, found.unseen) == (0, [])


def test_the_same_secret_on_both_sides_is_found_and_not_shown(root: Path) -> None:
    write(root / "production.env", f'TOKEN: "{SECRET}"\n', 0o600)
    found = across(root)
    assert len(found) == 1
    assert "`API_KEY` in `training.env` is `TOKEN` in `production.env`" in found[0]
    assert SECRET not in found[0]
    assert SECRET[:4] not in found[0]


def test_the_same_key_file_a_link_and_a_folder_within_another_are_found(root: Path) -> None:
    shutil.copy(root / "training.env", root / "training-copy.env")
    (root / "production.env").unlink()
    os.link(root / "training-copy.env", root / "production.env")
    said = across(root)
    assert any("share a file" in each for each in said)
    assert any("share a secret: `training" in each for each in said)
    nested = Declared(environment=(DECLARED.environment[0], Apart(id="production", secrets=("production.env",), folders=("data",))))
    assert any("share a folder" in each for each in across(root, declared=nested))


def test_data_on_both_sides_is_found_and_a_signed_model_may_pass(root: Path) -> None:
    rows = [FACTS["environment"][0], {**FACTS["environment"][1], "holds": ["people", "reader", "digits"]}]
    assert across(root, {**FACTS, "environment": rows}) == ["`training` and `production` both hold `digits`"]


@pytest.mark.parametrize(
    ("environments", "declared", "said"),
    [
        (FACTS["environment"], Declared(), "does not say where"),
        (FACTS["environment"][:1], DECLARED, "no sensitive environment beside another"),
        (FACTS["environment"], Declared(environment=(Apart(id="elsewhere"),)), "no environment of the manifest"),
        (FACTS["environment"], Declared(environment=(Apart(id="training", secrets=("nothing-*.env",)),)), "is on this machine"),
    ],
)
def test_what_is_not_declared_is_not_known(root: Path, environments: list[Any], declared: Declared, said: str) -> None:
    found = shared(root, {**FACTS, "environment": environments}, declared)
    assert found.answer is None
    assert any(said in each for each in found.unseen)


NOW = "2026-06-01T00:00:00Z"


def grants(**more: Any) -> list[Any]:
    names = ("build", "scanner", "release-manager")
    keys = {each: PublicKey("ed25519", bytes([number] * 32)) for number, each in enumerate(names)}
    return list(role_grants(keys, not_before="2026-01-01T00:00:00Z", not_after="2027-01-01T00:00:00Z", demo=False, **more))


def test_who_builds_does_nothing_else(root: Path) -> None:
    assert judged(grants(), NOW).answer == 0
    build, scanner, manager = grants()
    both = replace(manager, key=build.key)
    assert judged([build, scanner, both], NOW).answer == 1
    one = grants(holders={"build": "ada", "release-manager": "ada"})
    assert judged(one, NOW).wrong == ["`ada`, whose key builds, may also act as release-manager"]
    assert judged([build, replace(both, revoked_at="2026-02-01T00:00:00Z")], NOW).answer == 0
    assert judged([scanner], NOW).answer is None
    assert identities(root, NOW).answer is None


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True)


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
TOKEN = "sk-" + "proj-" + SECRET


@pytest.fixture
def committed(root: Path) -> Path:
    """A secret that was committed below a folder, and deleted again."""
    git(root, "init", "-q", "-b", "main")
    write(root / ".gitignore", "*.env\n.tetrapylon/\n")
    write(root / "conf/app.py", f'client = OpenAI(api_key="{TOKEN}")\n')
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a")
    write(root / "conf/app.py", "client = OpenAI()\n")
    git(root, "commit", "-qam", "b")
    return root


@needs_git
def test_a_secret_that_was_deleted_is_still_found(committed: Path) -> None:
    found = plain(committed, read_repository(committed))
    assert len(found.wrong) == 1
    assert "in the history at `conf/app.py:1`" in found.wrong[0]
    assert TOKEN[:8] not in str(found)
    assert found.unseen == []


@needs_git
def test_a_repository_above_is_read_for_this_folder_alone(committed: Path) -> None:
    before = state(committed)
    write(committed / "other/notes.py", "x = 1\n")
    git(committed, "add", "-A")
    git(committed, "commit", "-qm", "c")
    assert state(committed) != before
    assert plain(committed / "other", read_repository(committed / "other")).answer == 0
    assert plain(committed / "conf", read_repository(committed / "conf")).answer == 1


@needs_git
def test_a_history_that_is_not_read_whole_is_not_clean(committed: Path, tmp_path: Path) -> None:
    for limits in (Limits(objects=1), Limits(bytes=10), Limits(version=10)):
        past = history(committed, limits)
        assert past is not None
        list(past.versions())
        assert past.unread
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{committed}", str(tmp_path / "shallow"))
    found = plain(tmp_path / "shallow", read_repository(tmp_path / "shallow"))
    assert found.answer is None
    assert "shallow" in found.unseen[0]


@needs_git
def test_hooks_and_settings_of_a_repository_are_not_run(committed: Path) -> None:
    ran = committed / "ran"
    program = committed / "evil.sh"
    write(program, f"#!/bin/sh\ntouch {ran}\n", 0o755)
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "core.askPass", "diff.external", "alias.rev-list", "alias.cat-file"):
        git(committed, "config", name, f"!{program}" if name.startswith("alias") else str(program))
    write(committed / ".gitattributes", "* filter=evil diff=evil\n")
    git(committed, "config", "filter.evil.smudge", str(program))
    ran.unlink(missing_ok=True)
    assert plain(committed, read_repository(committed)).wrong
    assert not ran.exists()


@needs_git
def test_a_damaged_or_empty_repository_is_unknown_and_not_an_error(root: Path, committed: Path) -> None:
    for each in sorted((committed / ".git/objects").rglob("*")):
        if each.is_file():
            each.chmod(0o600)
            each.write_bytes(b"damaged")
    found = plain(root, read_repository(root))
    assert found.answer is None
    assert str(state(root)).startswith("git refuses")
    shutil.rmtree(root / ".git")
    assert plain(root, read_repository(root)).answer == 0
    git(root, "init", "-q")
    assert plain(root, read_repository(root)).answer == 0


@needs_git
def test_without_git_a_history_is_unknown(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = read_repository(committed)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    found = plain(committed, repository)
    assert (found.answer, found.unseen) == (None, ["git is not installed, so its history was not read"])


def test_looking_is_fast(root: Path) -> None:
    for number in range(2000):
        write(root / f"models/parts/{number}", "")
    began = time.process_time()
    storage(root, {**FACTS, "model": [{"id": "reader", "path": "models"}]}, SECRETS)
    assert time.process_time() - began < 2.0

"""Evidence ends where it should: branches draft, the sequencer admits, nothing depends on git's history."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.conftest import Desk, flip


def git(root: Path, *arguments: str) -> str:
    identity = [
        "-c",
        "user.name=Tester",
        "-c",
        "user.email=tester@example.org",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "init.defaultBranch=main",
    ]
    found = subprocess.run(["git", *identity, *arguments], cwd=root, capture_output=True, text=True, check=True)
    return found.stdout


@pytest.fixture
def repository(desk: Desk) -> Desk:
    """The example in version control, its models committed, as a project would have them."""
    (desk.root / "models" / ".gitignore").unlink()
    (desk.root / "data" / ".gitignore").unlink()
    git(desk.root, "init")
    git(desk.root, "add", "-A")
    git(desk.root, "commit", "-m", "the example")
    return desk


def size(desk: Desk) -> int:
    return len(desk.run("log", "show", "--limit", "0", "--json").json["records"])


def drafts(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.root / ".tetrapylon" / "draft").glob("*.json"))


def test_git_holds_the_root_of_trust_and_no_secret(repository: Desk) -> None:
    tracked = git(repository.root, "ls-files", ".tetrapylon").split()
    assert ".tetrapylon/trust/1.root.json" in tracked
    assert ".tetrapylon/checkpoint" in tracked
    assert not [name for name in tracked if name.startswith((".tetrapylon/keys", ".tetrapylon/ledger", ".tetrapylon/draft"))]


def test_a_branch_leaves_drafts_and_never_touches_the_log(repository: Desk) -> None:
    before = size(repository)
    git(repository.root, "checkout", "-b", "feature")
    (repository.root / "prompts" / "assistant.md").write_text("Be brief.\n")
    ended = repository.run("assess", "--json")
    assert ended.json["where"] == "draft"
    assert size(repository) == before
    assert drafts(repository)
    gate = repository.run("gate", "--json")
    assert gate.json["recorded"] is False
    assert size(repository) == before


def test_drafts_count_on_the_branch(repository: Desk) -> None:
    git(repository.root, "checkout", "-b", "feature")
    repository.run("assess", "--json")
    (repository.root / ".tetrapylon" / "settings.toml").write_text("[settings]\nclock-skew = 30\n")
    assert repository.states()["SD3.17"] == "STALE"
    repository.run("assess", "--json")
    assert repository.states()["SD3.17"] == "PASS"


def test_two_branches_meet_on_the_sequencer(repository: Desk, tmp_path: Path) -> None:
    before = size(repository)
    for name in ("one", "two"):
        git(repository.root, "checkout", "-b", name, "main")
        (repository.root / f"{name}.txt").write_text(name)
        repository.run("assess", "--json")
        git(repository.root, "add", f"{name}.txt")
        git(repository.root, "commit", "-m", name)
    waiting = drafts(repository)
    git(repository.root, "checkout", "main")
    git(repository.root, "merge", "one", "-m", "merge one")
    git(repository.root, "merge", "two", "-m", "merge two")
    admitted = repository.run("log", "admit", "--json").json
    assert (admitted["exit"], len(admitted["recorded"]), admitted["refused"]) == (0, len(waiting), [])
    assert size(repository) == before + len(waiting)
    again = repository.run("log", "admit", "--json").json
    assert (again["recorded"], len(again["known"])) == ([], len(waiting))
    assert repository.run("gate").code == 0


def test_rebase_and_squash_change_nothing(repository: Desk) -> None:
    """Evidence is about digests of content, so history may be rewritten."""
    git(repository.root, "checkout", "-b", "feature")
    for number in range(3):
        (repository.root / "notes.txt").write_text(str(number))
        git(repository.root, "add", "notes.txt")
        git(repository.root, "commit", "-m", f"step {number}")
    repository.run("assess", "--json")
    states = repository.states()
    git(repository.root, "checkout", "main")
    (repository.root / "other.txt").write_text("meanwhile")
    git(repository.root, "add", "other.txt")
    git(repository.root, "commit", "-m", "meanwhile")
    git(repository.root, "checkout", "feature")
    git(repository.root, "rebase", "main")
    assert repository.states() == states
    git(repository.root, "checkout", "main")
    git(repository.root, "merge", "--squash", "feature")
    git(repository.root, "commit", "-m", "squashed")
    assert repository.states() == states
    assert repository.run("log", "admit", "--json").json["exit"] == 0


def clone(repository: Desk, target: Path, *extra: str) -> Desk:
    git(target.parent, "clone", *extra, f"file://{repository.root}", str(target))
    return Desk(target)


def test_a_shallow_clone_drafts_like_any_other(repository: Desk, tmp_path: Path) -> None:
    (repository.root / "more.txt").write_text("more")
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-m", "more")
    fresh = clone(repository, tmp_path / "shallow", "--depth", "1")
    assert git(fresh.root, "rev-list", "--count", "HEAD").strip() == "1"
    ended = fresh.run("assess", "--json")
    assert ended.json["where"] == "draft"
    assert "Traceback" not in ended.err


def test_a_forks_ci_without_secrets_measures_and_proves_nothing(repository: Desk, tmp_path: Path) -> None:
    fork = clone(repository, tmp_path / "fork")
    ended = fork.run("assess", "--json")
    assert {each["signed"] for each in ended.json["evidence"]} == {False}
    assert all(name.endswith(".unsigned.json") for name in drafts(fork))
    gate = fork.run("gate", "--json")
    assert (gate.code, gate.json["verdict"], gate.json["recorded"]) == (3, "could not decide", False)
    shutil.copytree(fork.root / ".tetrapylon" / "draft", repository.root / ".tetrapylon" / "draft", dirs_exist_ok=True)
    before = size(repository)
    refused = repository.run("log", "admit", "--json")
    assert (refused.code, refused.json["recorded"]) == (1, [])
    assert all("not signed" in each["why"] for each in refused.json["refused"])
    assert size(repository) == before


def test_a_detached_head_drafts(repository: Desk) -> None:
    git(repository.root, "checkout", "--detach")
    assert repository.run("assess", "--json").json["where"] == "draft"


def test_a_draft_that_was_changed_is_refused(repository: Desk) -> None:
    git(repository.root, "checkout", "-b", "feature")
    repository.run("assess", "--json")
    victim = repository.root / ".tetrapylon" / "draft" / drafts(repository)[0]
    flip(victim)
    git(repository.root, "checkout", "main")
    before = size(repository)
    ended = repository.run("log", "admit", "--json").json
    assert [each["file"] for each in ended["refused"]] == [victim.name]
    assert size(repository) == before + len(drafts(repository)) - 1


def test_admitting_is_for_the_sequencer_alone(repository: Desk) -> None:
    git(repository.root, "checkout", "-b", "feature")
    ended = repository.run("log", "admit")
    assert (ended.code, "does not keep the log" in ended.err) == (1, True)

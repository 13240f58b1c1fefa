"""Whether this run keeps the log, or only drafts for the one that does."""

from __future__ import annotations

from pathlib import Path

from tetrapylon.app.project import Project
from tetrapylon.outside.bounds import BOUNDS
from tetrapylon.outside.files import read_bytes

DETACHED = "(detached)"


def current_branch(root: Path) -> str | None:
    """Return the branch that is checked out, `(detached)`, or None outside version control.

    Read from git's files: a command of ours starts no process for it.
    """
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.exists():
            head = _git_folder(git) / "HEAD"
            text = read_bytes(head, BOUNDS.manifest).decode("utf-8", "replace").strip() if head.is_file() else ""
            return text.removeprefix("ref: refs/heads/") if text.startswith("ref: refs/heads/") else DETACHED
    return None


def _git_folder(git: Path) -> Path:
    """Return git's folder; in a linked work tree `.git` is a file that names it."""
    if git.is_dir():
        return git
    named = read_bytes(git, BOUNDS.manifest).decode("utf-8", "replace").strip().removeprefix("gitdir: ")
    return (git.parent / named).resolve()


def keeps_log(project: Project) -> bool:
    """Return whether evidence of this run may enter the log: outside version control, or on the sequencer's branch."""
    branch = current_branch(project.root)
    return branch is None or branch == project.facts["system"].get("sequencer", "main")

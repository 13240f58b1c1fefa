"""Known-good copies of files, kept by digest where the running system does not look for them."""

from __future__ import annotations

from pathlib import Path

from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.digest import Digest, digest_hex
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.files import hash_file, make_folder
from tetrapylon.outside.moving import copy_whole
from tetrapylon.outside.tree import walk

FOLDER = "known-good"


def keep(project: Project, path: Path) -> Digest:
    """Keep a copy of the file under its digest, and return it."""
    digest = hash_file(path)
    prepare_state(project)
    make_folder(project.state(FOLDER), 0o700)
    held = project.state(FOLDER, digest_hex(digest))
    if find(project, digest) is None:
        copy_whole(path, held)
    return digest


def find(project: Project, digest: Digest, beside: Path | None = None) -> Path | None:
    """Return a file with exactly these bytes, among the copies or below another folder; bytes are hashed, names believed not."""
    held = project.state(FOLDER, digest_hex(digest))
    places = [held] if beside is None else [held, *(beside / each for each in walk(beside))]
    for each in places:
        try:
            if hash_file(each) == digest:
                return each
        except TetrapylonError:
            continue
    return None

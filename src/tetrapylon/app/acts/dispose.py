"""Remove a retired file, its signature and every copy of its bytes that this system keeps, and look whether any is left.

What it does: deletes the file or folder, the known-good copies and what is in quarantine, by digest; with `archive` a copy of a
file is put into the archive's folder first, under its digest.
Why it matters: what is only forgotten stays usable: a copy in a cache is the model that somebody loads next year.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app.project import Project
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.digest import Digest, digest_hex, parse_digest
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.archive import is_plain
from tetrapylon.outside.files import hash_file, make_folder
from tetrapylon.outside.moving import copy_whole

ARGUMENTS = {
    "path": "the file or folder, relative to the manifest",
    "digest": "the digest that it has",
    "archive": "`yes` to keep a copy in the archive",
    "reason": "why, for the record",
}


@dataclass(frozen=True)
class Dispose:
    """The act, bound to one file or folder."""

    project: Project
    path: Path
    digest: Digest
    archive: bool
    name: str = "dispose"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        first = [f"put a copy of `{self.path.name}` into the archive"] if self.archive else []
        return [*first, f"delete `{self.path.name}`, its signature and copies", "probe that none of them is left"]

    def do(self) -> Outcome:
        """Delete it; what is gone already stays so."""
        if self.archive and self.path.is_file():
            make_folder(self._archived.parent, 0o700)
            copy_whole(self.path, self._archived, 0o400)
            if hash_file(self._archived) != self.digest:
                return Outcome(done=False, detail=("it is not what was to be archived: nothing was deleted",))
        for each in self._left():
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink(missing_ok=True)
        return Outcome(done=True, detail=(f"`{self.path.name}` is deleted",))

    def undo(self) -> Outcome:
        """What was deleted comes back from a backup only, until the backups end as well."""
        return Outcome(done=False, detail=("restore it from a backup",))

    def probe(self) -> Outcome:
        """Look whether anything of it is left here."""
        left = [each.name for each in self._left()]
        if self.archive and not self._archived.is_file():
            left.append("nothing in the archive")
        return Outcome(done=not left, detail=(f"left: {', '.join(left)}",) if left else ("nothing of it is left",))

    @property
    def _archived(self) -> Path:
        return self.project.state("decommission", "archive", f"{digest_hex(self.digest)}-{self.path.name}")

    def _left(self) -> Iterator[Path]:
        code = digest_hex(self.digest)
        places = [self.path, self.path.with_name(f"{self.path.name}.sig"), self.project.state("known-good", code)]
        places += self.project.state("quarantine").glob(f"{code}-*")
        return (each for each in places if each.exists() or each.is_symlink())


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> Dispose:
    """Return the act for one file or folder.

    Raises:
        UsageError: the path leads out of the project, or the digest is none.
    """
    del passphrase
    bound = {key: str(arguments.get(key, "")) for key in ARGUMENTS}
    if not is_plain(bound["path"]):
        raise UsageError(f"`{bound['path'][:80]}` is no file of the project", code="no-path")
    path = project.root / bound["path"]
    return Dispose(project, path, parse_digest(bound["digest"]), bound["archive"] == "yes", arguments=bound)

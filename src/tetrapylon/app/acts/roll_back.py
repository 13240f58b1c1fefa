"""Put known-good bytes back in the place of a file, found by their digest.

What it does: looks for the digest among the known-good copies (or in the folder of a restored backup), and writes them whole or
not at all. What stands in the place is kept beside it under `.tetrapylon/quarantine`.
Why it matters: the name of a file says nothing about its content; only the digest that was signed brings back what was released.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app.knowngood import find
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.digest import Digest, digest_hex, parse_digest
from tetrapylon.kernel.errors import MissingError, TetrapylonError, UsageError
from tetrapylon.outside.archive import is_plain
from tetrapylon.outside.files import hash_file, make_folder
from tetrapylon.outside.moving import copy_whole

ARGUMENTS = {
    "path": "the file, relative to the manifest",
    "digest": "the digest of the bytes that are to be there",
    "source": "a folder to look in as well, such as a restored backup",
    "reason": "why, for the record",
}


@dataclass(frozen=True)
class RollBack:
    """The act, bound to one file and one digest."""

    project: Project
    path: Path
    digest: Digest
    source: Path
    name: str = "roll-back"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        return [
            f"keep what stands at `{self.path.name}`, if it is something else",
            f"write the bytes of {self.digest[:19]}… there, whole or not at all",
            "probe the digest",
        ]

    def do(self) -> Outcome:
        """Put the bytes back; where they are already nothing is done."""
        if self.probe().done:
            return Outcome(done=True, detail=("it was as it has to be already",))
        prepare_state(self.project)
        if self.path.exists():
            held = self.project.state("quarantine")
            make_folder(held, 0o700)
            shutil.move(self.path, held / f"{digest_hex(hash_file(self.path))}-{self.path.name}")
        copy_whole(self.source, self.path)
        return Outcome(done=True, detail=("the known-good bytes are back",))

    def undo(self) -> Outcome:
        """What was replaced is in quarantine; bringing it back is a decision of its own."""
        return Outcome(done=False, detail=("what was replaced is in quarantine",))

    def probe(self) -> Outcome:
        """Look whether the file has the digest."""
        try:
            same = hash_file(self.path) == self.digest
        except TetrapylonError as error:
            return Outcome(done=False, detail=(error.message,))
        return Outcome(done=same, detail=(f"it is {self.digest}",) if same else ("it is something else",))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> RollBack:
    """Return the act for one file.

    Raises:
        UsageError: the path leads out of the project, or the digest is none.
        MissingError: nobody holds these bytes (`no-known-good`).
    """
    del passphrase
    bound = {key: str(arguments.get(key, "")) for key in ARGUMENTS if arguments.get(key)}
    wanted = bound.get("path", "")
    if not is_plain(wanted):
        raise UsageError(f"`{wanted[:80]}` is no file of the project", code="no-path")
    digest = parse_digest(bound.get("digest", ""))
    source = find(project, digest, Path(bound["source"]) if "source" in bound else None)
    if source is None:
        hint = "restore a backup with `tetrapylon deploy backup restore` and name its folder as `source`"
        raise MissingError(f"nobody here holds the bytes of {digest}", hint=hint, code="no-known-good")
    return RollBack(project, project.root / wanted, digest, source, arguments=bound)

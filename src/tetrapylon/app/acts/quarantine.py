"""Take a model file or data file out of use, keeping its bytes for whoever investigates.

What it does: moves the file into `.tetrapylon/quarantine/`, under its digest, readable by its owner only. Loading it fails
from then on, and a release that needs it cannot be decided. Undone only if the bytes are still the same.
Why it matters: a suspicious file must stop being used at once, and must not be lost as evidence.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.digest import digest_hex
from tetrapylon.kernel.errors import MissingError, UsageError
from tetrapylon.outside.files import inside
from tetrapylon.outside.tree import hash_path

ARGUMENTS = {"path": "the file or folder, relative to the manifest", "reason": "why, for the record"}


@dataclass(frozen=True)
class Quarantine:
    """The act, bound to one file or folder."""

    project: Project
    path: Path
    held: Path
    name: str = "quarantine"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        return [
            f"move `{self.path.name}` to `{self.held}`",
            "take away everybody's right to read it but the owner's",
            "probe that it is no longer where it is loaded from",
        ]

    def do(self) -> Outcome:
        """Move it; what is held already is left as it is."""
        if self.probe().done:
            return Outcome(done=True, detail=("it was in quarantine already",))
        prepare_state(self.project)
        self.held.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.move(self.path, self.held)
        self.held.chmod(0o700 if self.held.is_dir() else 0o400)
        return Outcome(done=True, detail=(f"moved to {self.held.name}",))

    def undo(self) -> Outcome:
        """Move it back, if it is still what was taken away and nothing stands in its place."""
        if self.path.exists():
            return Outcome(done=False, detail=(f"`{self.path.name}` is there again: look at both before one is removed",))
        if digest_hex(hash_path(self.held)) != self.held.name.partition("-")[0]:
            return Outcome(done=False, detail=("the bytes in quarantine have changed: restore from a backup",))
        shutil.move(self.held, self.path)
        self.path.chmod(0o755 if self.path.is_dir() else 0o644)
        return Outcome(done=True, detail=(f"moved back to {self.path.name}",))

    def probe(self) -> Outcome:
        """Look whether the file is held and no longer in use."""
        gone = self.held.exists() and not self.path.exists()
        return Outcome(done=gone, detail=("held, and not where it is loaded from",) if gone else ("still where it is loaded from",))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> Quarantine:
    """Return the act for one file or folder of the project, in use or held already.

    Raises:
        UsageError: the path leads out of the project.
        MissingError: there is nothing to take out of use.
    """
    del passphrase
    wanted = str(arguments.get("path", ""))
    if not wanted:
        raise UsageError("there is no path to put in quarantine", hint="name a file of the project", code="no-path")
    folder = project.state("quarantine")
    bound = {"path": wanted, "reason": str(arguments.get("reason", ""))}
    try:
        path = inside(project.root, wanted)
    except MissingError:
        # It is not in use; perhaps because it is held already.
        held = sorted(folder.glob(f"*-{Path(wanted).name}"))
        if not held:
            raise
        return Quarantine(project, project.root / wanted, held[-1], arguments=bound)
    return Quarantine(project, path, folder / f"{digest_hex(hash_path(path))}-{path.name}", arguments=bound)

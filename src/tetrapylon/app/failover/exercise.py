"""What a drill has under way, on disk before it is done, so that the next command can put it right if the drill was killed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app import access
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.errors import ConflictError, MissingError, TetrapylonError
from tetrapylon.outside.children import Child, end
from tetrapylon.outside.filelock import FileLock, is_held
from tetrapylon.outside.files import hash_file, make_folder, read_bytes, write_atomic
from tetrapylon.outside.switchover import Taken, change, read_switched
from tetrapylon.outside.watched import held_alone


@dataclass
class Exercise:
    """Everything that a drill has to undo."""

    project: Project
    started: list[list[Any]] = field(default_factory=list)
    """(pid, when it started) of each process that the drill started."""

    keys: list[str] = field(default_factory=list)
    """Ids of access keys that it made."""

    files: list[list[str]] = field(default_factory=list)
    """(where a model file belongs, where it is meanwhile, the digest of what stands in its place or nothing)."""

    def save(self) -> None:
        """Write it down."""
        said = {"started": self.started, "keys": self.keys, "files": self.files}
        write_atomic(_path(self.project), json.dumps(said).encode() + b"\n", 0o600)

    def undo(self) -> list[str]:
        """Put everything right, and return what was done."""
        # The statement first: what looks at the evidence beside us must not switch again.
        evidence_path(self.project).unlink(missing_ok=True)
        done = [*self._mended(), *unswitch(self.project), *self._revoked()]
        for pid, started in self.started:
            end(Child(int(pid), str(started)))
        _path(self.project).unlink(missing_ok=True)
        return done

    def _mended(self) -> Iterator[str]:
        for place, kept, instead in self.files:
            path, away = Path(place), Path(kept)
            if not away.exists():
                continue
            if path.exists() and instead and hash_file(path) == instead:
                path.unlink()
            if path.exists():
                yield f"`{path.name}` is there again, and `{away.name}` holds what the drill took away: look at both"
            else:
                away.replace(path)
                yield f"`{path.name}` is back in its place"

    def _revoked(self) -> Iterator[str]:
        for each in self.keys:
            try:
                access.revoke(str(self.project.root), each)
            except MissingError:
                continue
            yield f"the key `{each}` of the drill ended"


def unswitch(project: Project) -> list[str]:
    """Take back what was switched for a drill, once nothing that looks at the evidence is under way."""
    path, found = project.state("switched.json"), []
    with held_alone(project.state("failover", "check")):
        drilled = [name for name, each in read_switched(path).models.items() if each.drill]
        if drilled:
            change(path, lambda taken: _without(taken, drilled))
            found = [f"`{each}` answers again" for each in drilled]
    return found


def _without(taken: Taken, names: list[str]) -> None:
    for each in names:
        taken.models.pop(each, None)


def evidence_path(project: Project) -> Path:
    """Return where a drill puts the statement that a supplier failed."""
    return project.state("failover", "exercise.json")


def _path(project: Project) -> Path:
    return project.state("failover", "drill.json")


def _lock(project: Project) -> Path:
    return project.state("failover", "drill.lock")


def under_way(project: Project) -> bool:
    """Return whether a drill is being held now."""
    return is_held(_lock(project))


@contextmanager
def exercising(project: Project) -> Iterator[Exercise]:
    """Hold the one drill of a project; at the end everything is put right.

    Raises:
        ConflictError: another one is being held.
    """
    prepare_state(project)
    make_folder(project.state("failover"), 0o700)
    lock = FileLock(_lock(project))
    try:
        if not lock.try_take():
            raise ConflictError("another drill is being held", hint="wait until it ends", code="locked")
        exercise = Exercise(project)
        try:
            yield exercise
        finally:
            exercise.undo()
    finally:
        lock.close()


def restore(project: Project) -> list[str]:
    """Put right what a drill left that was killed; return what was done, nothing where there was none.

    Raises:
        TetrapylonError: what it left cannot be read.
    """
    path = _path(project)
    if not path.exists() or under_way(project):
        return []
    try:
        found = json.loads(read_bytes(path))
        left = Exercise(project, found["started"], found["keys"], found["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise TetrapylonError(f"`{path.name}` of a drill that was killed cannot be read", hint="look at it", code="malformed") from error
    return ["a drill was killed half-way; what it left was put right", *left.undo()]

"""The restore drill: probe that the running system cannot reach the backups, restore the newest one, and compare every digest."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.backups import differences, newest, read_backup, trust_of
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project, open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import project_view
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.errors import TetrapylonError
from tetrapylon.outside.age import read_identity
from tetrapylon.outside.clock import SystemClock, parse_time
from tetrapylon.outside.reach import reach, user_id


def drill(directory: str | None, source: str, identity: str, running_as: str | None, passphrase_file: str | None) -> dict[str, Any]:
    """Hold the drill and leave `restore-drill` about the manifest."""
    project = open_project(directory)
    started = SystemClock().now()
    folder = Path(source).resolve()
    backup = newest(folder)
    offline, said = _offline(folder, running_as)
    found = _restored(project, backup, identity)
    problems = found.pop("problems")
    payload = {**found, "encrypted": True, "detail": [*problems, *said]} | ({} if offline is None else {"offline": offline})
    now = SystemClock().now()
    recorder = Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=now)
    manifest = next(each for each in project_view(project).assets if each.kind == "manifest")
    said_of = {**payload, "tool": project_view(project).tool}
    filed = recorder.file([Observation("restore-drill", (Subject(manifest.id, manifest.digest),), said_of, started, now, "responder")])
    good = payload["restored"] and not payload["mismatched"] and offline is not False
    ends = 1 if not good else 3 if offline is None else 0
    return {"schema": "tetrapylon/restore-drill/1", **payload, "record": filed[0].index, "exit": ends}


def _offline(folder: Path, running_as: str | None) -> tuple[bool | None, list[str]]:
    """Return whether the running system's user can do nothing to the backups; unknown where that could not be tried."""
    if running_as is None:
        return None, ["offline: nobody said which user the system runs as"]
    try:
        found = reach(folder, user_id(running_as))
    except TetrapylonError as error:
        return None, [f"offline: {error.message}"]
    if found.managed:
        return False, [f"offline: user {found.user} can {', '.join(found.managed[:4])}"]
    return True, [f"user {found.user} failed at all of {len(found.tried)} attempts to list, read, change, add, delete or rename"]


def _restored(project: Project, path: Path, identity: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="tetrapylon-restore-") as place:
        target = Path(place) / "restored"
        target.mkdir()
        try:
            opened = read_backup(path, read_identity(Path(identity)), trust_of(project, None), target)
        except TetrapylonError as error:
            return {"restored": False, "mismatched": 0, "ageHours": 0.0, "problems": [f"restored: {error.message}"]}
        different = list(differences(project, target))
    age = parse_time(SystemClock().now()) - parse_time(str(opened.about["at"]))
    hours = round(age.total_seconds() / 3600, 3)
    return {
        "restored": True,
        "mismatched": len(different),
        "ageHours": hours,
        "backup": opened.digest,
        "problems": [f"mismatched: {each}" for each in different],
    }

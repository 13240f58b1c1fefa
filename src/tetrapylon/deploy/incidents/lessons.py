"""What became of incidents: folded from the log, where each opening, sealing, report and closing is a statement.

Closing an incident demands a lesson that exists: a threat rule or decision, a pinned regression, a control or a training
item, named as `kind:path`, with the digest that the file had. A lesson whose file is gone is a lesson no more, and a pinned
regression is never edited: one with another digest is another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tetrapylon.deploy.incidents.pinned import FOLDER
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.digest import Digest
from tetrapylon.kernel.errors import TetrapylonError, UsageError
from tetrapylon.outside.files import hash_file, inside
from tetrapylon.outside.view import Known, View

LESSONS = {
    "threat": "a rule or decision about a threat",
    "regression": "a pinned test",
    "control": "a guard, a setting or a rule",
    "training": "an item of a training module",
}


@dataclass(frozen=True, slots=True)
class Incident:
    """What the log says of one incident."""

    id: str
    playbook: str
    what: str
    opened: str
    closed: str | None = None
    sealed: bool | None = None
    reported: bool = False
    lesson: str | None = None
    digest: str | None = None
    """The digest that the lesson's file had at closing."""


def parse_lesson(root: Path, text: str) -> tuple[str, Digest]:
    """Return the lesson as `kind:path` and the digest of its file.

    Raises:
        UsageError: not of this form, or a kind that is none (`no-lesson`).
        MissingError: there is no such file.
    """
    kind, _, path = text.partition(":")
    if kind not in LESSONS or not path or path.startswith("/") or ".." in path.split("/"):
        hint = "name what changed, such as `regression:tests/test_leak.py`; kinds: " + ", ".join(LESSONS)
        raise UsageError(f"`{text[:80]}` is no lesson", hint=hint, code="no-lesson")
    return f"{kind}:{path}", hash_file(inside(root, path))


def incidents(known: tuple[Known, ...]) -> dict[str, Incident]:
    """Return every incident by its id, as the statements about it say in their order."""
    found: dict[str, Incident] = {}
    for each in known:
        said = each.payload.get("incident")
        if isinstance(said, dict):
            name = str(said.get("id"))
            found[name] = _next(found.get(name), name, said)
    return found


def _next(before: Incident | None, name: str, said: Mapping[str, Json]) -> Incident:
    start = before or Incident(name, str(said.get("playbook", "")), str(said.get("what", "")), str(said.get("at", "")))
    event, at = said.get("event"), str(said.get("at", ""))
    if event == "sealed":
        return _with(start, sealed=bool(said.get("first")))
    if event == "reported":
        return _with(start, reported=True)
    if event == "closed":
        return _with(start, closed=at, lesson=str(said.get("lesson", "")) or None, digest=said.get("digest"))
    return start


def _with(before: Incident, **changes: Json) -> Incident:
    from dataclasses import replace

    return replace(before, **changes)


def learned(root: Path, incident: Incident) -> bool:
    """Return whether the lesson of a closed incident is still there."""
    try:
        lesson, digest = parse_lesson(root, incident.lesson or "")
    except TetrapylonError:
        return False
    return not lesson.startswith(f"regression:{FOLDER}/") or incident.digest in {None, digest}


def record(view: View) -> dict[str, Json]:
    """Return the payload about the system; without an incident there is nothing to say of sealing and reports."""
    found = list(incidents(view.evidence("incident-record")).values())
    ended = [each for each in found if each.closed]
    lost = [each.id for each in ended if not learned(view.root, each)]
    payload: dict[str, Json] = {
        "open": len(found) - len(ended),
        "withoutLesson": len(lost),
        "detail": [f"withoutLesson: `{each}` left no rule, test, control or training item that is still there as it was" for each in lost],
    }
    sealed = [each.sealed for each in found if each.sealed is not None]
    if sealed:
        payload["sealedFirst"] = all(sealed)
    if ended:
        payload["reportDrafted"] = all(each.reported for each in ended)
        payload["loopClosed"] = not lost
    return payload

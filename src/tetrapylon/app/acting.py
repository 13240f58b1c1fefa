"""Run an act from the shelf: plan it, do it, probe it, and leave evidence of what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project, open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.act import Act
from tetrapylon.kernel.canonical import canonical_json
from tetrapylon.kernel.digest import sha256
from tetrapylon.kernel.errors import Exit
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.clock import SystemClock

ACTS = Shelf("tetrapylon.app.acts")


@dataclass(frozen=True)
class ActDone:
    """What an act planned, did and found afterwards."""

    name: str
    arguments: Mapping[str, Any]
    steps: tuple[str, ...]
    planned_only: bool
    done: bool
    detail: tuple[str, ...] = ()
    record: int | None = None

    @property
    def exit(self) -> int:
        """How the command ends: 3 if the world is not as the act wants it."""
        return int(Exit.GOOD if self.planned_only or self.done else Exit.UNDECIDED)

    def as_json(self) -> dict[str, Any]:
        """Return this as data."""
        return {
            "schema": "tetrapylon/act/1",
            "act": self.name,
            "arguments": dict(self.arguments),
            "steps": list(self.steps),
            "plannedOnly": self.planned_only,
            "done": self.done,
            "detail": list(self.detail),
            "record": self.record,
            "exit": self.exit,
        }

    def lines(self) -> list[str]:
        """Return this for a reader."""
        if self.planned_only:
            return [f"{self.name} would:", *(f"  {number}. {step}" for number, step in enumerate(self.steps, 1))]
        said = "done" if self.done else "not done"
        where = [f"evidence: log record {self.record}"] if self.record is not None else []
        return [f"{self.name}: {said}", *(f"  {each}" for each in self.detail), *where]


def run_act(
    name: str, arguments: Mapping[str, Any], directory: str | None, passphrase_file: str | None, *, plan_only: bool, undo: bool = False
) -> ActDone:
    """Bind an act to its arguments and run it, or undo it.

    Raises:
        UsageError: there is no such act, or an argument is missing or wrong.
    """
    project = open_project(directory)
    passphrase = wiring.read_passphrase(passphrase_file)
    act: Act = ACTS.part(name, "act").bind(project, passphrase, arguments)
    steps = tuple(act.plan())
    if plan_only:
        return ActDone(name, arguments, steps, planned_only=True, done=False)
    started = SystemClock().now()
    outcome = act.undo() if undo else act.do()
    # After an undo the world must no longer be as the act wants it; the act itself says so.
    probed = outcome if undo else act.probe()
    detail = outcome.detail if undo else (*outcome.detail, *probed.detail)
    record = _leave(project, passphrase, act, started, detail, done=outcome.done and probed.done, undone=undo)
    return ActDone(
        name,
        arguments,
        steps,
        planned_only=False,
        done=outcome.done and probed.done,
        detail=detail,
        record=record,
    )


def _leave(
    project: Project, passphrase: bytes | None, act: Act, started: str, detail: tuple[str, ...], *, done: bool, undone: bool
) -> int | None:
    """Leave evidence of the act; the subject is the digest of what was asked for, so that it can be found again."""
    now = SystemClock().now()
    payload = {
        "act": f"undo {act.name}" if undone else act.name,
        "arguments": {key: str(value) for key, value in act.arguments.items()},
        "done": done,
        "detail": list(detail),
    }
    asked = sha256(canonical_json({"act": act.name, "arguments": dict(act.arguments)}))
    observation = Observation("act", (Subject(act.name, asked),), payload, started, now, "responder")
    return Recorder(project, policy(project), passphrase, now=now).file([observation])[0].index

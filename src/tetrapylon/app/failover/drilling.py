"""The drill: real gateway, real models, something really broken, both triggers, measured at the client; leaves evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tetrapylon.app import wiring
from tetrapylon.app.failover.exercise import exercising
from tetrapylon.app.failover.injecting import FailedSupplier, Stopped, Tampered
from tetrapylon.app.failover.planning import planned
from tetrapylon.app.failover.stage import Stage
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.develop.supply.failover.drill import Caller, Drilled, Injection, Patience, hold
from tetrapylon.develop.supply.failover.plan import Pair, uncovered
from tetrapylon.develop.supply.failover.probes import ChatCaller, FileCaller, approved
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.canonical import Json
from tetrapylon.kernel.errors import Exit
from tetrapylon.outside.clock import SystemClock

TRIGGERS = ("security-status", "outage")


@dataclass(frozen=True)
class Held:
    """What the drills of one command measured."""

    drilled: tuple[Drilled, ...]
    refused: tuple[str, ...]
    """Why alternates were not tried."""

    uncovered: tuple[str, ...]
    records: tuple[int | None, ...]

    @property
    def exit(self) -> int:
        """1 where a switch did not happen, guards did not hold, or a model has nothing that may take over."""
        good = bool(self.drilled) and all(each.good for each in self.drilled) and not self.refused and not self.uncovered
        return int(Exit.GOOD if good else Exit.REFUSED)

    def as_json(self) -> dict[str, Any]:
        """Return this as `tetrapylon/failover-drill/1`."""
        rows = [
            {
                "model": each.model,
                "alternate": each.alternate,
                "trigger": each.trigger,
                "switched": each.switched,
                "seconds": each.seconds,
                "unanswered": each.unanswered,
                "guardsHeld": each.guards_held,
                "backSeconds": each.back_seconds,
                "detail": list(each.detail),
            }
            for each in self.drilled
        ]
        head = {"schema": "tetrapylon/failover-drill/1", "drills": rows, "refused": list(self.refused)}
        return {**head, "uncovered": list(self.uncovered), "records": list(self.records), "exit": self.exit}

    def lines(self) -> list[str]:
        """Return this for a reader."""
        lines = [line.removeprefix("switched: ").removeprefix("guardsHeld: ") for each in self.drilled for line in each.detail]
        lines += [*self.refused, *(f"`{each}`: nothing may take over from it" for each in self.uncovered)]
        where = ", ".join(str(each) for each in self.records if each is not None)
        return [*lines, f"evidence: log records {where}"] if where else lines


@dataclass(frozen=True)
class Wanted:
    """How a drill is to be held."""

    start: Mapping[str, Sequence[str]]
    """The commands that start models, by id."""

    failover: bool = True
    """Whether its gateway lets alternates take over; without, the drill must say that nothing was switched."""

    patience: Patience = field(default_factory=lambda: Patience(60.0, 60.0))


def drill(project: Project, wanted: Wanted, passphrase_file: str | None) -> Held:
    """Hold a drill of every pair by both triggers, and leave evidence.

    Raises:
        UsageError: a model runs that the drill did not start, so that it may not end it.
        MissingError, UndecidedError: a model or the gateway does not run, and nobody says how it is started.
        ConflictError: another drill is being held.
    """
    view, now = project_view(project, policy(project, "core")), SystemClock().now()
    pairs = planned(project)
    usable = [each for each in pairs if each.usable(now)]
    refused = tuple(each.why_not() for each in pairs if not each.usable(now))
    without = tuple(uncovered(project.facts, {each.model for each in usable}))
    drilled: list[Drilled] = []
    if usable:
        with exercising(project) as exercise:
            stage = Stage(project, exercise, wanted.start, failover=wanted.failover, passphrase_file=passphrase_file)
            stage.set_up(usable)
            for trigger in TRIGGERS:
                drilled += [_hold(view, each, trigger, stage, wanted.patience, passphrase_file) for each in usable]
    held = Held(tuple(drilled), refused, without, ())
    records = _leave(view, held, usable, now, passphrase_file)
    return Held(held.drilled, held.refused, held.uncovered, records)


def _hold(view: ProjectView, pair: Pair, trigger: str, stage: Stage, patience: Patience, passphrase_file: str | None) -> Drilled:
    caller, injection = _caller(view.project, pair, stage), _injection(view, pair, trigger, stage, passphrase_file)
    return hold(pair.model, pair.alternate, caller, injection, patience)


def _caller(project: Project, pair: Pair, stage: Stage) -> Caller:
    token = stage.key("chat" if pair.kind == "endpoint" else "infer", pair.model)
    if pair.kind == "endpoint":
        return ChatCaller(stage.url, token, pair.model, approved(project.facts.get("tool", ())))
    return FileCaller(stage.url, token, pair.model)


def _injection(view: ProjectView, pair: Pair, trigger: str, stage: Stage, passphrase_file: str | None) -> Injection:
    if pair.kind == "file":
        path = next(each["path"] for each in view.facts["model"] if each["id"] == pair.model)
        return Tampered(stage.exercise, view.root / path, trigger)
    if trigger == "outage":
        return Stopped(stage, pair.model)
    return FailedSupplier(stage.exercise, view, pair.model, passphrase_file)


def _leave(view: ProjectView, held: Held, usable: Sequence[Pair], started: str, passphrase_file: str | None) -> tuple[int | None, ...]:
    """Leave a statement for each trigger; that of an outage last."""
    recorder = Recorder(view.project, view.policy, wiring.read_passphrase(passphrase_file), now=SystemClock().now())
    subject = next(Subject(each.id, each.digest) for each in view.assets if each.kind == "manifest")
    observations = []
    for trigger in TRIGGERS:
        payload = {**_payload(trigger, held, usable), "tool": view.tool}
        observations.append(Observation("failover-drill", (subject,), payload, started, SystemClock().now(), "responder"))
    return tuple(each.index for each in recorder.file(observations))


def _payload(trigger: str, held: Held, usable: Sequence[Pair]) -> dict[str, Json]:
    own = [each for each in held.drilled if each.trigger == trigger]
    back = [each.back_seconds for each in own]
    said = [line for each in own for line in each.detail]
    said = [f"alternates: {each}" for each in held.refused] + [f"uncovered: `{each}` has no alternate" for each in held.uncovered] + said
    whole = max(each for each in back if each is not None) if back and None not in back else None
    return {
        "trigger": trigger,
        "switched": bool(own) and all(each.switched for each in own),
        "seconds": max((each.seconds for each in own), default=0.0),
        "equivalent": bool(own) and all(each.equivalent for each in usable),
        "alternates": len(own),
        "uncovered": len(held.uncovered),
        "guardsHeld": bool(own) and all(each.guards_held for each in own),
        "unanswered": sum(each.unanswered for each in own),
        "models": [each.model for each in own],
        **({} if whole is None else {"backSeconds": whole}),
        "detail": said,
    }

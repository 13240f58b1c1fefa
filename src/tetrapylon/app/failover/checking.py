"""Hold suppliers and model files against the evidence: switch away from what failed, and bar alternates that did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tetrapylon.app.acting import ActDone, run_act
from tetrapylon.app.failover.exercise import evidence_path, under_way
from tetrapylon.app.failover.planning import planned
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.app.recording import Recorder, read_admissible
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.develop.supply.failover.trigger import PREDICATES, failing
from tetrapylon.evidence.predicate import name_of
from tetrapylon.evidence.statement import read_statement
from tetrapylon.kernel.errors import Exit, MissingError, RefusedError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import make_folder
from tetrapylon.outside.switchover import Switched, Taken, change, read_switched
from tetrapylon.outside.view import Known
from tetrapylon.outside.watched import held_alone

BY = "the evidence"


@dataclass(frozen=True)
class Standing:
    """What the evidence says, and who answers."""

    failing: Mapping[str, str]
    """Models that should not answer, and why."""

    switched: Mapping[str, Switched]
    barred: Mapping[str, str]
    stuck: tuple[str, ...]
    """Why a model that fails goes on answering."""

    over: tuple[str, ...]
    """Models that were switched away from and do not fail any more."""

    changed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return this as `tetrapylon/failover/1`."""
        switched = [
            {"model": name, "to": each.to, "why": each.why, "by": each.by, "at": each.at, "trigger": each.trigger, "drill": each.drill}
            for name, each in self.switched.items()
        ]
        return {
            "schema": "tetrapylon/failover/1",
            "failing": [{"model": name, "why": why} for name, why in self.failing.items()],
            "switched": switched,
            "barred": [{"model": name, "why": why} for name, why in self.barred.items()],
            "stuck": list(self.stuck),
            "over": list(self.over),
            "changed": list(self.changed),
            "exit": self.exit,
        }

    @property
    def exit(self) -> int:
        """How the command ends: 1 where something fails or was switched."""
        return int(Exit.REFUSED if self.failing or self.switched else Exit.GOOD)

    def lines(self) -> list[str]:
        """Return this for a reader."""
        lines = [f"{name}: should not answer: {why}" for name, why in self.failing.items()]
        lines += [f"{name}: `{each.to}` answers since {each.at} ({each.trigger}): {each.why}" for name, each in self.switched.items()]
        lines += [f"{name}: may not take over: {why}" for name, why in self.barred.items()]
        lines += [
            *self.stuck,
            *(f"{each}: the reason is over: `tetrapylon develop failover back {each} --reason WHY`" for each in self.over),
        ]
        return lines or ["every model answers itself, and nothing speaks against one"]


def standing(project: Project) -> Standing:
    """Return how things stand, changing nothing."""
    return _standing(project, found(project))


def check(project: Project, passphrase_file: str | None) -> Standing:
    """Switch away from every model that fails and has an alternate that does not, and bar alternates that do."""
    prepare_state(project)
    make_folder(project.state("failover"), 0o700)
    with held_alone(project.state("failover", "check")):
        bad = found(project)
        changed = [*_switch(project, bad, passphrase_file), *_bar(project, bad)]
    after = _standing(project, bad)
    return Standing(after.failing, after.switched, after.barred, after.stuck, after.over, tuple(changed))


def found(project: Project) -> dict[str, str]:
    """Return the models that should not answer, and why."""
    view = project_view(project, policy(project, "core"))
    try:
        evidence = {each: [*view.evidence(each), *_exercised(project, view, each)] for each in PREDICATES}
    except MissingError:
        return {}
    return failing(project.facts, view.assets, evidence, view.values)


def _exercised(project: Project, view: ProjectView, predicate: str) -> list[Known]:
    """Return the statement of a drill that is being held: signed by who may make it, and kept out of the log."""
    path = evidence_path(project)
    if not path.exists() or not under_way(project):
        return []
    recorder = Recorder(project, view.policy, None, now=view.now())
    statement = read_statement(read_admissible(recorder, path).payload)
    if name_of(statement.predicate_type) != predicate:
        return []
    subjects = {each.name: str(each.digest) for each in statement.subjects}
    return [Known(-1, subjects, dict(statement.predicate), view.now(), view.now())]


def _switch(project: Project, bad: Mapping[str, str], passphrase_file: str | None) -> list[str]:
    taken, now = read_switched(project.state("switched.json")), SystemClock().now()
    drill = "yes" if evidence_path(project).exists() else "no"
    done: list[str] = []
    for pair in planned(project):
        if pair.model in bad and pair.model not in taken.models and pair.alternate not in bad and pair.usable(now):
            asked = {"model": pair.model, "reason": bad[pair.model], "by": BY, "trigger": "security-status", "drill": drill}
            done += run_act("switch-supplier", asked, str(project.root), passphrase_file, plan_only=False).detail[:1]
    return done


def _bar(project: Project, bad: Mapping[str, str]) -> list[str]:
    path = project.state("switched.json")
    wanted = {pair.alternate: bad[pair.alternate] for pair in planned(project) if pair.alternate in bad}
    if read_switched(path).barred == wanted:
        return []

    def apply(taken: Taken) -> None:
        taken.barred = wanted

    change(path, apply)
    return [f"`{each}` may not take over" for each in wanted] or ["every alternate may take over again"]


def _standing(project: Project, bad: Mapping[str, str]) -> Standing:
    taken, now = read_switched(project.state("switched.json")), SystemClock().now()
    pairs = {each.model: each for each in planned(project)}
    stuck = []
    for name, why in bad.items():
        if name in taken.models or name in taken.barred:
            continue
        pair = pairs.get(name)
        may = "has no alternate" if pair is None else pair.why_not() if not pair.usable(now) else "`switch` or `check` was not run yet"
        if pair is not None and pair.alternate in bad:
            may = f"its alternate fails, too: {bad[pair.alternate]}"
        stuck.append(f"{name}: goes on answering although {why}: {may}; `tetrapylon operate close upstream:{name}` ends that")
    over = tuple(name for name, each in taken.models.items() if each.trigger == "security-status" and name not in bad)
    return Standing(dict(bad), dict(taken.models), dict(taken.barred), tuple(stuck), over)


def go_back(project: Project, model: str, reason: str, by: str, passphrase_file: str | None) -> ActDone:
    """Let a model answer again, unless what speaks against it still does.

    Raises:
        RefusedError: it still fails.
    """
    why = found(project).get(model)
    if why is not None:
        raise RefusedError(
            f"`{model}` stays out of service: {why}", hint="examine the supplier or the file again first", code="still-fails"
        )
    asked = {"model": model, "reason": reason, "by": by}
    return run_act("switch-supplier", asked, str(project.root), passphrase_file, plan_only=False, undo=True)

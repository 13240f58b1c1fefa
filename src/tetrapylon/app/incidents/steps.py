"""The steps of a playbook: named acts, with arguments filled in, run one after the other and each on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tetrapylon.app.acting import ActDone, run_act
from tetrapylon.app.incidents.state import State, Step, save
from tetrapylon.app.project import Project
from tetrapylon.deploy.incidents.playbook import Playbook
from tetrapylon.deploy.incidents.playbook import Step as Planned
from tetrapylon.kernel.errors import TetrapylonError


@dataclass(frozen=True)
class Desk:
    """What every step needs: the project, and the file of the keys' passphrase."""

    project: Project
    passphrase_file: str | None

    def act(self, name: str, arguments: Mapping[str, str], *, plan_only: bool = False, undo: bool = False) -> ActDone:
        """Run one act, or only plan it."""
        return run_act(name, arguments, str(self.project.root), self.passphrase_file, plan_only=plan_only, undo=undo)


@dataclass(frozen=True)
class DryRun:
    """What one step would do, or why it could not."""

    step: Planned
    sentences: tuple[str, ...]
    problem: str | None = None


def filled(step: Planned, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the step's arguments with the names in braces filled in; a name that is not known stays, and no act takes it."""
    found = {}
    for key, text in step.arguments.items():
        said = text
        for name, value in variables.items():
            said = said.replace("{" + name + "}", value)
        found[key] = said
    return found


def dry_run(desk: Desk, playbook: Playbook, variables: Mapping[str, str]) -> list[DryRun]:
    """Bind and plan every step, changing nothing; the seal first."""
    found = []
    for step in (seal_step(playbook), *playbook.step):
        try:
            done = desk.act(step.act, filled(step, variables), plan_only=True)
            found.append(DryRun(step, done.steps))
        except TetrapylonError as error:
            found.append(DryRun(step, (), error.message))
    return found


def seal_step(playbook: Playbook) -> Planned:
    """Return the step that comes before all of a playbook's own."""
    personal = "yes" if playbook.personal else "no"
    return Planned(
        phase="contain", act="seal", role="responder", arguments={"incident": "{incident}", "asset": "{asset}", "personal": personal}
    )


def run_phase(desk: Desk, playbook: Playbook, state: State, phase: str) -> bool:
    """Run the steps of a phase that were not done yet; return whether all are done."""
    for number, step in enumerate(playbook.step):
        if step.phase != phase or any(each.number == number and each.done for each in state.steps):
            continue
        state.steps.append(_run(desk, number, step, state.variables))
        save(desk.project, state)
        if not state.steps[-1].done:
            return False
    return True


def _run(desk: Desk, number: int, step: Planned, variables: Mapping[str, str]) -> Step:
    try:
        done = desk.act(step.act, filled(step, variables), undo=step.undo)
        said, record, worked = list(done.detail), done.record, done.done
    except TetrapylonError as error:
        said, record, worked = [error.message], None, False
    return Step(number=number, act=step.act, phase=step.phase, done=worked, record=record, destructive=step.destructive, detail=said)

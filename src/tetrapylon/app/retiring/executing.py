"""Carry out the end of a system, step by step; a run that was killed goes on where it was, for every act may be repeated."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec

from tetrapylon.app import wiring
from tetrapylon.app.acting import run_act
from tetrapylon.app.guidance import policy
from tetrapylon.app.project import Project, open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.retiring.steps import steps_of
from tetrapylon.app.retiring.tombstones import compare, write_tombstones
from tetrapylon.app.view import project_view
from tetrapylon.develop.debt.retirement import FILE, Retirement, problems_of, read_plan
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.digest import parse_digest
from tetrapylon.kernel.errors import ConflictError, MissingError, RefusedError, TetrapylonError
from tetrapylon.outside.beside import digest_beside
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic

STATE = "state.json"
REHEARSAL = "rehearsal"


class Step(msgspec.Struct, kw_only=True):
    """One step, and what the probe found."""

    part: str
    act: str
    arguments: dict[str, str]
    gone: bool = False
    record: int | None = None
    detail: list[str] = []


class Ending(msgspec.Struct, kw_only=True):
    """Where an execution stands."""

    schema: str = "tetrapylon/decommission-state/1"
    plan: str
    manifest: str
    manifest_id: str
    tombstones: bool = False
    over: bool = False
    steps: list[Step]


def plan_of(project: Project) -> Retirement:
    """Return the plan, which must be whole.

    Raises:
        MissingError: there is none.
        RefusedError: it does not say everything.
    """
    plan = read_plan(project.root, project.facts)
    if plan is None:
        raise MissingError(f"there is no `{FILE}`", hint="begin with `tetrapylon develop decommission plan --draft`", code="no-plan")
    wrong = problems_of(plan, project.facts, SystemClock().now())
    if wrong:
        raise RefusedError(f"`{FILE}` is no whole plan: {wrong[0]}", hint=f"{len(wrong)} things are missing or wrong", code="bad-plan")
    return plan


def read_state(project: Project) -> Ending | None:
    """Return where an execution stands, or nothing where none was begun."""
    path = project.state("decommission", STATE)
    return msgspec.json.decode(read_bytes(path), type=Ending) if path.exists() else None


def _save(project: Project, state: Ending) -> None:
    make_folder(project.state("decommission"), 0o700)
    write_atomic(project.state("decommission", STATE), msgspec.json.format(msgspec.json.encode(state), indent=1), 0o600)


def begin(directory: str | Path | None, passphrase_file: str | None) -> Ending:
    """Begin and carry out the end of the system in this folder.

    Raises:
        ConflictError: it was begun already (`begun`).
    """
    project = open_project(directory)
    plan = plan_of(project)
    if read_state(project) is not None:
        raise ConflictError("the end was begun already", hint="go on with `tetrapylon develop decommission resume`", code="begun")
    assets = project_view(project).assets
    manifest = next(each for each in assets if each.kind == "manifest")
    planned = steps_of(project, plan, assets)
    steps = [Step(part=each.part, act=each.act, arguments=each.arguments) for each in planned]
    state = Ending(plan=str(digest_beside(project.root, FILE)), manifest=manifest.digest, manifest_id=manifest.id, steps=steps)
    _save(project, state)
    write_tombstones(_recorder(project, passphrase_file), plan, assets)
    # They must recognise what they are to keep out, while it is still there to be recognised.
    state.tombstones = bool(compare(project, project.state("decommission", "tombstones.json"), None).what)
    _save(project, state)
    return carry_out(project, state, passphrase_file)


def resume(directory: str | None, passphrase_file: str | None) -> Ending:
    """Go on with an execution that was interrupted.

    Raises:
        MissingError: none was begun.
    """
    project = open_project(directory)
    state = read_state(project)
    if state is None:
        raise MissingError("no end was begun here", code="not-begun")
    if not state.over and not project.state("decommission", "tombstones.json").exists():
        project.state("decommission", STATE).unlink()
        return begin(directory, passphrase_file)
    if not state.tombstones and not state.over and not any(each.gone for each in state.steps):
        state.tombstones = bool(compare(project, project.state("decommission", "tombstones.json"), None).what)
    return carry_out(project, state, passphrase_file)


def carry_out(project: Project, state: Ending, passphrase_file: str | None) -> Ending:
    """Do what is not done yet, then record what the probes found."""
    for each in state.steps:
        if not each.gone:
            _do(project, each, passphrase_file)
            _save(project, state)
    if not state.over:
        _record(project, state, passphrase_file)
        state.over = remaining(state) == 0
        _save(project, state)
    return state


def _do(project: Project, step: Step, passphrase_file: str | None) -> None:
    try:
        done = run_act(step.act, step.arguments, str(project.root), passphrase_file, plan_only=False)
        step.gone, step.record, step.detail = done.done, done.record, list(done.detail)
    except TetrapylonError as error:
        step.gone, step.detail = False, [error.message]


def remaining(state: Ending) -> int:
    """Return how many parts are not known to be gone."""
    return len({each.part for each in state.steps if not each.gone})


def results(state: Ending) -> list[dict[str, Any]]:
    """Return what became of each part, as statements give it."""
    return [{"part": each.part, "act": each.act, "gone": each.gone, "found": "; ".join(each.detail)[:300]} for each in state.steps]


def _record(project: Project, state: Ending, passphrase_file: str | None) -> None:
    left = remaining(state)
    payload = {
        "planPresent": True,
        "complete": left == 0,
        "remaining": left,
        "tombstonesChecked": state.tombstones,
        "plan": state.plan,
        "results": results(state),
        "detail": [f"remaining: {each.part}: {'; '.join(each.detail)}" for each in state.steps if not each.gone],
    }
    _file(project, state, payload, passphrase_file)


def _file(project: Project, state: Ending, payload: dict[str, Any], passphrase_file: str | None) -> None:
    now = SystemClock().now()
    about = (Subject(state.manifest_id, parse_digest(state.manifest)),)
    _recorder(project, passphrase_file).file([Observation("decommission", about, payload, now, now, "responder")])


def _recorder(project: Project, passphrase_file: str | None) -> Recorder:
    return Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=SystemClock().now())


def rehearse(directory: str | None, passphrase_file: str | None) -> Ending:
    """Carry the plan out on a copy of the system, and record that it was rehearsed: nothing of the system itself ends.

    The copy holds copies of private keys; it lies within the state's folder and is removed, also by the next run after a kill.
    """
    project = open_project(directory)
    plan_of(project)
    copy = project.state("decommission", REHEARSAL)
    clean(copy)
    make_folder(copy.parent, 0o700)
    ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", "decommission", "quarantine", "incidents")
    try:
        shutil.copytree(project.root, copy / project.root.name, symlinks=True, ignore=ignored)
        state = begin(copy / project.root.name, passphrase_file)
    finally:
        clean(copy)
    payload = {
        "planPresent": True,
        "rehearsed": True,
        "tombstonesChecked": state.tombstones,
        "plan": state.plan,
        "results": results(state),
        "detail": ["complete: rehearsed on a copy; the system itself runs on"],
    }
    _file(project, state, payload, passphrase_file)
    return state


def clean(copy: Path) -> None:
    """Remove a copy that a rehearsal made."""
    shutil.rmtree(copy, ignore_errors=True)

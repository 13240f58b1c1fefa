"""Hold a drill: break the running system from another process, and see it noticed, sealed, contained and restored.

Only evidence of the production detector stops the first clock. Whatever happens, the system is put back; a drill that was
killed is resumed or aborted, and says until then what state it left.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from types import ModuleType

from tetrapylon.app import wiring
from tetrapylon.app.access import key_file
from tetrapylon.app.detectors.canary import FILE as CANARIES
from tetrapylon.app.guidance import policy
from tetrapylon.app.incidents.outcome import file_drill
from tetrapylon.app.incidents.parts import bring_up
from tetrapylon.app.incidents.putback import put_back
from tetrapylon.app.incidents.state import Stage, State, new_id, refuse_second, save
from tetrapylon.app.incidents.steps import Desk, dry_run, run_phase, seal_step
from tetrapylon.app.incidents.targets import EXPOSED, target_of
from tetrapylon.app.knowngood import keep
from tetrapylon.app.project import open_project
from tetrapylon.app.recording import Recorder
from tetrapylon.app.sighting import Watched, model_of
from tetrapylon.deploy.access.keys import kind_of
from tetrapylon.deploy.incidents.playbook import Plan, playbook_named
from tetrapylon.kernel.errors import UndecidedError
from tetrapylon.kernel.shelf import Shelf
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import read_bytes, write_atomic
from tetrapylon.outside.process import run_python_alone

DETECTORS = Shelf("tetrapylon.app.detectors")
INJECTOR = "tetrapylon.outside.injecting"
_PAUSE = 0.1
"""Seconds between two looks of a detector."""


@dataclass(frozen=True)
class Wanted:
    """How a drill is to be held."""

    asset: str | None = None
    participants: tuple[str, ...] = ()
    process: int | None = None
    """The process behind the endpoint, where the drill did not start it itself."""

    control: bool = False


def desk_of(directory: str | None, passphrase_file: str | None) -> Desk:
    """Return the project, where a drill may be held.

    Raises:
        UndecidedError: this machine does not keep the log (`not-sequencer`).
    """
    project = open_project(directory)
    recorder = Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=SystemClock().now())
    if not recorder.to_log:
        raise UndecidedError(
            "the log is not kept here, so that no order of steps can be proven", hint="run it where it is", code="not-sequencer"
        )
    return Desk(project, passphrase_file)


def drill(name: str, wanted: Wanted, desk: Desk) -> State:
    """Hold a whole drill and return how it went.

    Raises:
        UsageError: there is no such playbook, asset or person.
        UndecidedError: the system is not sound or not running, so that nothing could be learned from breaking it.
    """
    plan = playbook_named(name)
    refuse_second(desk.project)
    state = _prepare(desk, plan, wanted)
    try:
        _inject(desk, plan, state, wanted)
        _watch(desk, plan, state)
        return go_on(desk, plan, state)
    except BaseException:
        put_back(desk, state)
        state.stage = "aborted"
        save(desk.project, state)
        raise


def go_on(desk: Desk, plan: Plan, state: State) -> State:
    """Do what is left of a drill whose clock has run: seal, contain, recover, put back, record."""
    playbook = plan.playbook
    if state.stage == "undetected":
        state.gaps.append(f"`{playbook.drill.detector}` did not notice it within {playbook.clocks.detect} s")
    else:
        _answer(desk, plan, state)
    put_back(desk, state)
    state.stage = "recovered" if state.recovered_at is not None else state.stage
    save(desk.project, state)
    if not state.control:
        file_drill(desk, plan, state)
    state.stage = "closed"
    save(desk.project, state)
    return state


def _answer(desk: Desk, plan: Plan, state: State) -> None:
    if state.sealed is None:
        done = desk.act("seal", {**seal_step(plan.playbook).arguments, "incident": state.id, "asset": state.asset})
        if not done.done or done.record is None:
            # Nothing is taken away that was not kept: the drill ends here, and it says so.
            state.gaps.append(f"the evidence could not be sealed: {'; '.join(done.detail)}")
            return
        state.sealed = done.record
        _reach(desk, state, "sealed")
    if state.contained_at is None:
        if not run_phase(desk, plan.playbook, state, "contain"):
            state.gaps.append("a step that contains did not work")
            return
        state.contained_at = time.time()
        _reach(desk, state, "contained")
    if run_phase(desk, plan.playbook, state, "recover") and _sound_again(desk, plan, state):
        state.recovered_at = time.time()
        _reach(desk, state, "recovered")
    else:
        state.gaps.append("the system was not restored by the playbook's own steps")


def _sound_again(desk: Desk, plan: Plan, state: State) -> bool:
    """Whether the detector is silent again; a supplier that is gone stays so, and its alternate answers (the act probed it)."""
    if plan.playbook.drill.injector == "stop":
        return True
    return _detector(plan).look(desk.project, Watched(state.asset)) is None


def _prepare(desk: Desk, plan: Plan, wanted: Wanted) -> State:
    project = desk.project
    asset, variables = target_of(project, plan.playbook, wanted.asset)
    people = {each["id"] for each in project.facts.get("person", ())}
    strangers = sorted(set(wanted.participants) - people)
    if strangers:
        raise UndecidedError(f"the manifest declares no person `{strangers[0][:64]}`", code="no-such-id")
    name = new_id("drill", plan.playbook.id)
    state = State(id=name, playbook=plan.playbook.id, digest=plan.digest, asset=asset, control=wanted.control)
    state.participants = sorted(set(wanted.participants))
    state.variables = {**variables, "incident": name}
    save(project, state)
    try:
        _make_ready(desk, plan, state, wanted)
    except BaseException:
        put_back(desk, state)
        raise
    save(project, state)
    return state


def _make_ready(desk: Desk, plan: Plan, state: State, wanted: Wanted) -> None:
    project, playbook = desk.project, plan.playbook
    if playbook.target == "model-hosted":
        bring_up(project, state)
        save(project, state)
    elif playbook.target == "model-file":
        keep(project, project.root / state.variables["path"])
    else:
        state.secret = _key_to_lose(desk, state)
        save(project, state)
    problems = [each for each in dry_run(desk, playbook, state.variables) if each.problem]
    if playbook.target == "access":
        state.variables["path"] = EXPOSED
    state.steps_failed = len(problems)
    state.gaps = [f"`{each.step.act}` cannot be run: {each.problem}" for each in problems]
    if problems and problems[0].step.act == "seal":
        raise UndecidedError(f"nothing was broken: {problems[0].problem}", code="not-sealed")
    if playbook.drill.injector == "stop" and state.asset not in state.started and wanted.process is None:
        hint = "stop it, so that the drill starts it, or name its process with `--process PID`"
        raise UndecidedError(f"`{state.asset}` runs already, and nobody said as which process", hint=hint, code="no-process")
    if playbook.drill.injector == "leak":
        state.canary = f"CANARY{secrets.token_hex(12)}"
        path = project.state(CANARIES)
        write_atomic(path, (read_bytes(path) if path.exists() else b"") + f"{state.canary}\n".encode(), 0o600)
    seen = None if playbook.drill.injector == "leak" else _detector(plan).look(project, Watched(state.asset))
    if seen is not None:
        raise UndecidedError(
            f"`{state.asset}` is not sound before the drill: {seen.why}", hint="open an incident instead", code="not-sound"
        )


def _key_to_lose(desk: Desk, state: State) -> str:
    """Make a key of its own for a drill to lose: nobody's real key is given away. Its file must be free."""
    project = desk.project
    if (project.root / EXPOSED).exists():
        raise UndecidedError(f"`{EXPOSED}` is there already", hint="move it away", code="not-sound")
    principals = [each["id"] for kind in ("group", "service", "person") for each in project.facts.get(kind, ())]
    key, token = key_file(project).create(principals[0], kind_of(project.facts, principals[0]), "drill")
    state.variables["key"] = key.id
    return token


def _detector(plan: Plan) -> ModuleType:
    return DETECTORS.part(plan.playbook.drill.detector, "detector")


def _reach(desk: Desk, state: State, stage: Stage) -> None:
    state.stage = stage
    save(desk.project, state)


def _inject(desk: Desk, plan: Plan, state: State, wanted: Wanted) -> None:
    """Break the system from another process; the clock runs from before it starts."""
    project = desk.project
    model = model_of(project, state.asset)
    pid = state.started.get(state.asset, [str(wanted.process)])[0]
    arguments = {
        "poison": [str(project.root / state.variables.get("path", ""))],
        "leak": [str(model.get("endpoint")), str(model.get("model", state.asset)), str(state.canary)],
        "stop": [pid],
        "expose": [str(project.root / state.variables.get("path", "")), str(state.secret)],
    }[plan.playbook.drill.injector]
    state.injected_at = time.time()
    _reach(desk, state, "injecting")
    ended = run_python_alone(INJECTOR, [plan.playbook.drill.injector, *arguments], 60)
    if ended.code != 0:
        raise UndecidedError("the injector failed, so that nothing can be learned", code="process")
    _reach(desk, state, "injected")


def _watch(desk: Desk, plan: Plan, state: State) -> None:
    """Let the detector look until its evidence is on record, or its time is over."""
    until = time.monotonic() + (1.0 if state.control else plan.playbook.clocks.detect)
    watched = Watched(state.asset)
    while time.monotonic() < until:
        seen = None if state.control else _detector(plan).look(desk.project, watched)
        if seen is not None:
            recorder = Recorder(desk.project, policy(desk.project), wiring.read_passphrase(desk.passphrase_file), now=SystemClock().now())
            state.alarm = recorder.file(seen.evidence)[0].index
            state.detected_at = time.time()
            _reach(desk, state, "detected")
            return
        time.sleep(_PAUSE)
    _reach(desk, state, "undetected")


def resume(desk: Desk, state: State) -> State:
    """Finish a drill that was killed: its times include the interruption, and it says so."""
    plan = playbook_named(state.playbook)
    state.interrupted = True
    if plan.digest != state.digest or state.stage in {"prepared", "injecting"}:
        # Whether it is broken at all is not known here: it is put back and nothing is claimed.
        put_back(desk, state)
        _reach(desk, state, "aborted")
        return state
    if state.stage == "injected":
        _watch(desk, plan, state)
    return go_on(desk, plan, state)


def abort(desk: Desk, state: State) -> State:
    """Give a drill up: put the system back and claim nothing."""
    state.interrupted = True
    put_back(desk, state)
    _reach(desk, state, "aborted")
    return state

"""Where a drill or an incident stands, written before and after each step, so that a command that was killed can go on."""

from __future__ import annotations

import time
from typing import Any, Literal

import msgspec

from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.errors import ConflictError, MissingError, UndecidedError
from tetrapylon.outside.files import make_folder, read_bytes, write_atomic

Stage = Literal["prepared", "injecting", "injected", "detected", "undetected", "sealed", "contained", "recovered", "closed", "aborted"]

MEANS: dict[str, str] = {
    "prepared": "nothing was broken yet",
    "injecting": "the system may be broken on purpose",
    "injected": "the system is broken on purpose, and nothing noticed it yet",
    "detected": "it was noticed; nothing was done yet",
    "undetected": "nothing noticed it in time; the system is still broken on purpose",
    "sealed": "the evidence is kept; containing is not finished",
    "contained": "it does no more harm; the system is not restored yet",
    "recovered": "the system is restored; the result is not recorded yet",
    "closed": "it is over",
    "aborted": "it was given up, and the system put back",
}


class Step(msgspec.Struct, kw_only=True, rename="camel"):
    """One step that was taken."""

    number: int
    act: str
    phase: str
    done: bool
    record: int | None
    destructive: bool = False
    detail: list[str] = []


class State(msgspec.Struct, kw_only=True, rename="camel"):
    """Everything that is known of one drill."""

    schema: str = "tetrapylon/drill/1"
    id: str
    playbook: str
    digest: str
    asset: str
    stage: Stage = "prepared"
    variables: dict[str, str] = {}
    control: bool = False
    """Whether the detector was left off, to see that nothing else stops the clock."""

    participants: list[str] = []
    canary: str | None = None
    secret: str | None = None
    """A key that was made to be lost in this drill; it ends with the drill."""

    started: dict[str, list[str]] = {}
    """Processes of the system that the drill started: pid and start time by model."""

    injected_at: float | None = None
    detected_at: float | None = None
    contained_at: float | None = None
    recovered_at: float | None = None
    alarm: int | None = None
    sealed: int | None = None
    steps: list[Step] = []
    steps_failed: int = 0
    gaps: list[str] = []
    interrupted: bool = False

    def seconds(self, until: float | None) -> float | None:
        """Return how long after the injection something was."""
        return None if until is None or self.injected_at is None else round(until - self.injected_at, 3)

    @property
    def active(self) -> bool:
        """Whether it is neither over nor given up."""
        return self.stage not in {"closed", "aborted"}


def save(project: Project, state: State) -> None:
    """Write where it stands."""
    prepare_state(project)
    folder = project.state("incidents")
    make_folder(folder, 0o700)
    write_atomic(folder / f"{state.id}.drill", msgspec.json.format(msgspec.json.encode(state), indent=1), 0o600)


def states(project: Project) -> list[State]:
    """Return every drill that this machine remembers, oldest first.

    Raises:
        UndecidedError: one of the files is not what was written.
    """
    found = []
    for path in sorted(project.state("incidents").glob("*.drill")):
        try:
            found.append(msgspec.json.decode(read_bytes(path), type=State))
        except msgspec.MsgspecError as error:
            hint = "look at the folder of the model, then remove the file"
            raise UndecidedError(f"`{path.name}` is not what a drill writes", hint=hint, code="bad-state") from error
    return found


def active(project: Project) -> State:
    """Return the drill that is not over.

    Raises:
        MissingError: there is none (`no-drill`).
    """
    found = [each for each in states(project) if each.active]
    if not found:
        raise MissingError("no drill is under way", code="no-drill")
    return found[-1]


def refuse_second(project: Project) -> None:
    """Check that no drill is under way.

    Raises:
        ConflictError: one is.
    """
    under_way = [each for each in states(project) if each.active]
    if under_way:
        hint = "finish it with `drill --resume` or put the system back with `drill --abort`"
        raise ConflictError(f"drill `{under_way[0].id}` is not over: {MEANS[under_way[0].stage]}", hint=hint, code="drill-under-way")


def new_id(kind: str, name: str) -> str:
    """Return an id that sorts by time."""
    now = time.time()
    return f"{kind}-{time.strftime('%Y%m%dt%H%M%S', time.gmtime(now))}{int(now * 1000) % 1000:03d}-{name}"


def as_json(state: State) -> dict[str, Any]:
    """Return a drill as data."""
    found: dict[str, Any] = msgspec.to_builtins(state)
    return {**found, "means": MEANS[state.stage]}

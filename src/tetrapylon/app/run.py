"""Do the work of the practices and file what was observed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from tetrapylon.app import decide, wiring
from tetrapylon.app.decide import Decided
from tetrapylon.app.due import Run, inputs_of, last_runs, marked, part_of
from tetrapylon.app.listening import SILENT, Listener
from tetrapylon.app.plan import workers
from tetrapylon.app.recording import Filed, Recorder, admit, pending
from tetrapylon.app.view import ProjectView, project_view
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.outside.clock import SystemClock

_PASSES = 4
"""Some parts read what others leave, and these the states that follow: a few rounds, and nothing new follows any more."""

Effort = Literal["changed", "due", "all"]
"""What is measured: what changed or is due by age; what is due by age or for a new release, without reading more; or all."""


@dataclass(frozen=True)
class Assessed:
    """What an assessment left."""

    decided: Decided
    """What a gate would decide on what was just looked at."""

    filed: tuple[Filed, ...]
    refused: tuple[tuple[str, str], ...] = ()
    """Waiting statements that could not enter the log: (file, why)."""

    kept: tuple[str, ...] = ()
    """Parts whose evidence still stands: nothing that it follows from changed."""

    next_due: str | None = None
    """When the first evidence is due again; None where none ages."""


def assess(recorder: Recorder, listener: Listener = SILENT, effort: Effort = "changed") -> Assessed:
    """Run every worker whose work moves a practice of the profile, and file its observations.

    What waits in version control or as a draft enters the log first, where this run keeps the log.
    """
    refused = admit(recorder, pending(recorder.project)).refused if recorder.to_log else ()
    view = project_view(recorder.project, recorder.policy, listener)
    filed: list[Filed] = _replayed(recorder, view) if "SP4.6" in recorder.policy["practices"] else []
    left: dict[str, int] = {}
    for again in range(_PASSES):
        found = list(_pass(recorder, view, listener, effort if again == 0 else _later(effort)))
        for part, each in found:
            left[part] = left.get(part, 0) + len(each)
            filed.extend(each)
        if not found:
            break
    kept = tuple(each for each in map(part_of, workers(recorder.policy["practices"])) if each not in left)
    decided = decide.decide_on(recorder.project, recorder.policy, view.release, view.records(), view.now())
    return Assessed(decided, tuple(filed), refused, kept, _next_due(recorder, view))


def _pass(recorder: Recorder, view: ProjectView, listener: Listener, effort: Effort) -> Iterator[tuple[str, list[Filed]]]:
    """Let each worker whose evidence does not stand do its work, and yield what was filed."""
    for worker in workers(recorder.policy["practices"]):
        listener.begin(part_of(worker))
        found = _work(worker, view, effort)
        if found is None:
            listener.end("stands")
        else:
            listener.end(f"{len(found)} observations")
            yield part_of(worker), recorder.file(found)


def _later(effort: Effort) -> Effort:
    return "due" if effort == "due" else "changed"


def _work(worker: ModuleType, view: ProjectView, effort: Effort) -> list[Observation] | None:
    """Return what a worker observes, or None where its last statements stand."""
    run = _runs(view).get(part_of(worker)) if effort != "all" else None
    fresh = run if run is not None and run.holds(view.now()) else None
    if fresh is not None and effort == "due" and fresh.release == view.release_digest:
        return None
    inputs = inputs_of(worker, view)
    if fresh is not None and fresh.inputs == inputs:
        return None
    return list(marked(worker.observe(view), worker, inputs, view.release_digest))


def _runs(view: ProjectView) -> dict[str, Run]:
    return view.from_log("runs", lambda records: last_runs(records, view.policy))


def _next_due(recorder: Recorder, view: ProjectView) -> str | None:
    runs = _runs(view)
    known = [runs[part_of(each)].expires for each in workers(recorder.policy["practices"]) if part_of(each) in runs]
    return min((each for each in known if each is not None), default=None)


def _replayed_before(view: ProjectView, decision: str) -> bool:
    """Whether this decision was made again already and came out the same."""
    return any(
        each.payload.get("decision") == decision and each.payload.get("identical") is True for each in view.evidence("decision-replay")
    )


def _replayed(recorder: Recorder, view: ProjectView) -> list[Filed]:
    """Make the last decision again, where there is one, and file whether it came out the same."""
    project = recorder.project
    found = decide.decisions(wiring.open_ledger(project))
    if not found or _replayed_before(view, found[-1].digest):
        return []
    started = SystemClock().now()
    try:
        decide.decide_again(project, found[-1])
        identical = True
    except IntegrityError as error:
        if error.code != "decision-mismatch":
            raise
        identical = False
    payload = {"decision": found[-1].digest, "identical": identical}
    about = (Subject("decision", found[-1].digest),)
    return recorder.file([Observation("decision-replay", about, payload, started, SystemClock().now(), "release-manager")])

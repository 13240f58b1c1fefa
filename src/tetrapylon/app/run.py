"""Do the work of the practices and file what was observed."""

from __future__ import annotations

from dataclasses import dataclass

from tetrapylon.app import decide, wiring
from tetrapylon.app.listening import SILENT, Listener
from tetrapylon.app.plan import workers
from tetrapylon.app.recording import Filed, Recorder, admit, pending
from tetrapylon.app.view import project_view
from tetrapylon.evidence.observation import Observation
from tetrapylon.evidence.statement import Subject
from tetrapylon.kernel.errors import IntegrityError
from tetrapylon.outside.clock import SystemClock


@dataclass(frozen=True)
class Assessed:
    """What an assessment left."""

    filed: tuple[Filed, ...]
    refused: tuple[tuple[str, str], ...] = ()
    """Waiting statements that could not enter the log: (file, why)."""


def assess(recorder: Recorder, listener: Listener = SILENT) -> Assessed:
    """Run every worker whose work moves a practice of the profile, and file its observations.

    What waits in version control or as a draft enters the log first, where this run keeps the log.
    """
    refused = admit(recorder, pending(recorder.project)).refused if recorder.to_log else ()
    view = project_view(recorder.project, recorder.policy, listener)
    filed: list[Filed] = list(_replayed(recorder)) if "SP4.6" in recorder.policy["practices"] else []
    for module in workers(recorder.policy["practices"]):
        listener.begin(module.__name__.removeprefix("tetrapylon.").removesuffix(".work"))
        found = list(module.observe(view))
        filed.extend(recorder.file(found))
        listener.end(f"{len(found)} observations")
    return Assessed(tuple(filed), refused)


def _replayed(recorder: Recorder) -> list[Filed]:
    """Make the last decision again, where there is one, and file whether it came out the same."""
    project = recorder.project
    found = decide.decisions(wiring.open_ledger(project))
    if not found:
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

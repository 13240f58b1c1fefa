"""Do the work of the practices and file what was observed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tetrapylon.app.plan import workers
from tetrapylon.app.recording import Filed, Recorder, admit, pending
from tetrapylon.app.view import project_view


@dataclass(frozen=True)
class Assessed:
    """What an assessment left."""

    filed: tuple[Filed, ...]
    refused: tuple[tuple[str, str], ...] = ()
    """Waiting statements that could not enter the log: (file, why)."""


def assess(recorder: Recorder, say: Callable[[str], None]) -> Assessed:
    """Run every worker whose work moves a practice of the profile, and file its observations.

    What waits in version control or as a draft enters the log first, where this run keeps the log.
    """
    refused = admit(recorder, pending(recorder.project)).refused if recorder.to_log else ()
    view = project_view(recorder.project)
    filed: list[Filed] = []
    for module in workers(recorder.policy["practices"]):
        found = list(module.observe(view))
        filed.extend(recorder.file(found))
        say(f"{module.__name__.removeprefix('tetrapylon.').removesuffix('.work')}: {len(found)} observations")
    return Assessed(tuple(filed), refused)

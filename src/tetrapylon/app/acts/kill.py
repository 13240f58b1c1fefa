"""Stop the running system answering anything at all, until somebody lifts it.

What it does: writes it into the file that the gateway holds every request against, outside the AI part.
Why it matters: when nobody knows yet what is wrong, everything stops within a second, without a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.act import Outcome
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.switch import Closing, FileSwitch, close, reopen

ARGUMENTS = {"reason": "why, for the record", "by": "who says so"}

ANY = "any"
"""No route is called so: it is closed only when everything is."""


@dataclass(frozen=True)
class Kill:
    """The act."""

    project: Project
    path: Path
    closing: Closing
    name: str = "kill"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        return [f"write into `{self.path.name}` that everything is closed", "probe that every route counts as closed"]

    def do(self) -> Outcome:
        """Close everything; if it is closed already the first reason stays."""
        if self.probe().done:
            return Outcome(done=True, detail=("everything was closed already",))
        prepare_state(self.project)
        close(self.path, None, self.closing)
        return Outcome(done=True, detail=("everything is closed",))

    def undo(self) -> Outcome:
        """Lift it; routes that were closed by name stay closed."""
        reopen(self.path, None)
        return Outcome(done=not self.probe().done, detail=("lifted; routes that were closed by name stay closed",))

    def probe(self) -> Outcome:
        """Look whether a gateway would refuse everything."""
        why = FileSwitch(self.path).closed(ANY)
        return Outcome(done=why is not None, detail=(f"closed: {why}",) if why else ("not everything is closed",))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> Kill:
    """Return the act."""
    del passphrase
    reason, by = str(arguments.get("reason", "")), str(arguments.get("by", ""))
    closing = Closing(reason or "everything is closed", by, SystemClock().now())
    return Kill(project, project.state("closed.json"), closing, arguments={"reason": reason, "by": by})

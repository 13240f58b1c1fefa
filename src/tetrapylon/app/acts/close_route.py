"""Close one route of the running system, such as `chat:assistant`, until somebody opens it again.

What it does: writes it into the file that the gateway holds every request against; what is open stays open.
Why it matters: one model or supplier can be taken out of service at once, without stopping the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.switch import Closing, FileSwitch, close, reopen

ARGUMENTS = {"route": "the route, such as `chat:assistant`", "reason": "why, for the record", "by": "who says so"}
VERBS = ("chat", "infer", "upstream", "models", "holds", "terms", "metrics")


@dataclass(frozen=True)
class CloseRoute:
    """The act, bound to one route."""

    project: Project
    path: Path
    route: str
    closing: Closing
    name: str = "close-route"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        return [
            f"write `{self.route}` into `{self.path.name}`, which the gateway reads ten times a second",
            "probe that it counts as closed",
        ]

    def do(self) -> Outcome:
        """Close it; a route that is closed already keeps its reason."""
        if self.probe().done:
            return Outcome(done=True, detail=("it was closed already",))
        prepare_state(self.project)
        close(self.path, self.route, self.closing)
        return Outcome(done=True, detail=(f"`{self.route}` is closed",))

    def undo(self) -> Outcome:
        """Open it again."""
        reopen(self.path, self.route)
        why = FileSwitch(self.path).closed(self.route)
        return Outcome(done=why is None, detail=(f"still closed: {why}",) if why else (f"`{self.route}` is open",))

    def probe(self) -> Outcome:
        """Look whether a gateway would refuse it."""
        why = FileSwitch(self.path).closed(self.route)
        return Outcome(done=why is not None, detail=(f"closed: {why}",) if why else ("still open",))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> CloseRoute:
    """Return the act for one route.

    Raises:
        UsageError: it is no route.
    """
    del passphrase
    route = str(arguments.get("route", ""))
    if route.partition(":")[0] not in VERBS:
        raise UsageError(f"`{route[:64]}` is no route", hint="routes look like `chat:assistant` or `infer:digit-reader`", code="no-route")
    reason, by = str(arguments.get("reason", "")), str(arguments.get("by", ""))
    closing = Closing(reason or "closed", by, SystemClock().now())
    bound = {"route": route, "reason": reason, "by": by}
    return CloseRoute(project, project.state("closed.json"), route, closing, arguments=bound)

"""Have a model's alternate answer in its place: it is asked first, and takes over only if it answers.

What it does: closes the upstream of the model, so that the gateway goes to its alternate, after the alternate listed its models.
Why it matters: an alternate that nobody asked is a hope; switching to one that is gone as well makes things worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tetrapylon.app.failover.planning import refuse_weaker
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.endpoint import alive
from tetrapylon.outside.switch import Closing, FileSwitch, close, reopen

ARGUMENTS = {"asset": "the id of the model that is replaced", "reason": "why, for the record"}


@dataclass(frozen=True)
class UseAlternate:
    """The act, bound to one model and its alternate."""

    project: Project
    asset: str
    alternate: str
    url: str
    name: str = "use-alternate"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        return [f"ask `{self.alternate}` at {self.url} whether it is there", f"close `{self._route}`", "probe both"]

    @property
    def _route(self) -> str:
        return f"upstream:{self.asset}"

    def do(self) -> Outcome:
        """Switch, if the alternate answers."""
        why = alive(self.url)
        if why is not None:
            return Outcome(done=False, detail=(f"`{self.alternate}` cannot take over: {why}",))
        prepare_state(self.project)
        reason = str(self.arguments.get("reason") or "the alternate answers in its place")
        close(self.project.state("closed.json"), self._route, Closing(reason, "use-alternate", SystemClock().now()))
        return Outcome(done=True, detail=(f"`{self.alternate}` answers in the place of `{self.asset}`",))

    def undo(self) -> Outcome:
        """Let the model answer again."""
        reopen(self.project.state("closed.json"), self._route)
        return Outcome(done=True, detail=(f"`{self.asset}` answers again",))

    def probe(self) -> Outcome:
        """Look whether the model's upstream is closed and its alternate answers."""
        closed, why = FileSwitch(self.project.state("closed.json")).closed(self._route), alive(self.url)
        said = [] if closed else [f"`{self._route}` is open"]
        said += [f"`{self.alternate}`: {why}"] if why else [f"`{self.alternate}` answers"]
        return Outcome(done=closed is not None and why is None, detail=tuple(said))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> UseAlternate:
    """Return the act for one model.

    Raises:
        UsageError: the manifest declares no such model, or no alternate with an endpoint.
        RefusedError: its alternate is weaker, and nobody signed an exception (`weaker-alternate`).
    """
    del passphrase
    asset = str(arguments.get("asset", ""))
    models = {each["id"]: each for each in project.facts.get("model", ())}
    alternate = models.get(str(models.get(asset, {}).get("alternate", "")))
    if alternate is None or "endpoint" not in alternate:
        raise UsageError(
            f"`{asset[:64]}` has no alternate behind an endpoint", hint="declare `alternate` in the manifest", code="no-alternate"
        )
    refuse_weaker(project, asset)
    bound = {"asset": asset, "reason": str(arguments.get("reason", ""))}
    return UseAlternate(project, asset, alternate["id"], alternate["endpoint"], arguments=bound)

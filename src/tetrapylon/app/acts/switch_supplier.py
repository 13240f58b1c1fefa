"""Take a model out of service in favour of its alternate, until somebody goes back.

What it does: writes it into the file that the gateway looks at for every request; the model itself is asked no more.
Why it matters: a supplier that cannot be relied on must stop being asked within seconds, without stopping the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tetrapylon.app.failover.planning import planned, refuse_weaker
from tetrapylon.app.project import Project, prepare_state
from tetrapylon.develop.supply.failover.plan import Pair
from tetrapylon.kernel.act import Outcome
from tetrapylon.kernel.errors import UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.switchover import TRIGGERS, FileSwitchover, Switched, Taken, change

ARGUMENTS = {
    "model": "the model that is taken out of service",
    "reason": "why, for the record",
    "by": "who says so",
    "trigger": "what started it: `by-hand` or `security-status`",
    "drill": "whether it is an exercise: `yes` or `no`",
}


@dataclass(frozen=True)
class SwitchSupplier:
    """The act, bound to one model and its alternate."""

    pair: Pair
    path: Path
    switched: Switched
    project: Project
    name: str = "switch-supplier"
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> list[str]:
        """Return the steps."""
        return [
            f"write into `{self.path.name}`, which the gateway reads ten times a second, that `{self.pair.alternate}` answers",
            f"probe that `{self.pair.model}` is asked no more",
        ]

    def do(self) -> Outcome:
        """Switch; what was switched already keeps its reason."""
        if self.probe().done:
            return Outcome(done=True, detail=("it was switched already",))
        prepare_state(self.project)
        change(self.path, lambda taken: taken.models.update({self.pair.model: self.switched}))
        return Outcome(done=True, detail=(f"`{self.pair.alternate}` answers in the place of `{self.pair.model}`",))

    def undo(self) -> Outcome:
        """Let the model answer again."""
        change(self.path, self._without)
        return Outcome(done=not self.probe().done, detail=(f"`{self.pair.model}` answers again",))

    def _without(self, taken: Taken) -> None:
        taken.models.pop(self.pair.model, None)

    def probe(self) -> Outcome:
        """Look whether a gateway would ask the alternate."""
        found = FileSwitchover(self.path).switched(self.pair.model)
        done = found is not None and found.to == self.pair.alternate
        return Outcome(done=done, detail=(f"switched: {found.why}",) if found else (f"`{self.pair.model}` itself is asked",))


def bind(project: Project, passphrase: bytes | None, arguments: Mapping[str, Any]) -> SwitchSupplier:
    """Return the act for one model.

    Raises:
        UsageError: the model has no alternate.
        RefusedError: its alternate is weaker, and nobody signed an exception (`weaker-alternate`).
    """
    del passphrase
    model = str(arguments.get("model", ""))
    pair = next((each for each in planned(project) if each.model == model), None)
    if pair is None:
        hint = "name one under `alternate` in the manifest"
        raise UsageError(f"the manifest declares no alternate of a model `{model[:64]}`", hint=hint, code="no-alternate")
    trigger, drill = str(arguments.get("trigger") or TRIGGERS[-1]), arguments.get("drill") == "yes"
    if trigger not in TRIGGERS:
        raise UsageError(f"`{trigger[:64]}` is no trigger", hint=f"known: {', '.join(TRIGGERS)}", code="bad-value")
    reason, by, now = str(arguments.get("reason", "")), str(arguments.get("by", "")), SystemClock().now()
    path = project.state("switched.json")
    if FileSwitchover(path).switched(model) is None:
        refuse_weaker(project, model)
    bound = {"model": model, "reason": reason, "by": by, "trigger": trigger, "drill": "yes" if drill else "no"}
    return SwitchSupplier(pair, path, Switched(pair.alternate, reason or trigger, by, now, trigger, drill), project, arguments=bound)

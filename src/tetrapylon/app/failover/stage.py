"""What a drill needs to be held: models and a gateway that run, and a key; what it starts itself it ends itself."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from tetrapylon.app import access
from tetrapylon.app.failover.exercise import Exercise
from tetrapylon.app.project import Project
from tetrapylon.develop.supply.failover.plan import Pair
from tetrapylon.kernel.errors import MissingError, UndecidedError, UsageError
from tetrapylon.outside.calling import call
from tetrapylon.outside.children import Child, end, running, start
from tetrapylon.outside.clock import SystemClock, format_time, parse_time, pause
from tetrapylon.outside.endpoint import alive
from tetrapylon.outside.files import read_bytes

PATIENCE = 30.0
"""Seconds for a part to come up."""

_OK = 200


class Stage:
    """The running parts of one drill."""

    def __init__(
        self,
        project: Project,
        exercise: Exercise,
        commands: Mapping[str, Sequence[str]],
        *,
        failover: bool,
        passphrase_file: str | None,
    ) -> None:
        self.project = project
        self.exercise = exercise
        self.url = ""
        self._commands = commands
        self._failover = failover
        self._passphrase_file = passphrase_file
        self._children: dict[str, Child] = {}
        self._keys: dict[str, str] = {}

    def set_up(self, pairs: Iterable[Pair]) -> None:
        """Start the models and the gateway.

        Raises:
            UsageError, MissingError, UndecidedError: something cannot be had.
        """
        self.exercise.save()
        for pair in (each for each in pairs if each.kind == "endpoint"):
            if alive(self._endpoint(pair.model)) is None:
                said = f"`{pair.model}` runs already, and a drill ends only what it started itself"
                raise UsageError(said, hint="stop it, and say how it is started with `--start MODEL=COMMAND`", code="runs-already")
            self.run(pair.model)
            if alive(self._endpoint(pair.alternate)) is not None:
                self.run(pair.alternate)
        self._gateway()

    def run(self, model: str) -> None:
        """Start a model and wait until it answers."""
        if model not in self._commands:
            hint = "say how it is started with `--start MODEL=COMMAND`"
            raise MissingError(f"`{model}` does not answer at {self._endpoint(model)}", hint=hint, code="not-running")
        self._children[model] = self._start(self._commands[model])
        url, until = self._endpoint(model), time.monotonic() + PATIENCE
        while (why := alive(url)) is not None:
            if time.monotonic() > until or not running(self._children[model]):
                raise UndecidedError(f"`{model}` was started and does not answer: {why}", code="not-running")
            pause(0.05)

    def stop(self, model: str) -> None:
        """End a model that the drill started."""
        end(self._children[model])

    def key(self, action: str, model: str) -> str:
        """Return a key that may ask the model; it ends with the drill, and after an hour in any case.

        Raises:
            UsageError: the manifest lets nobody ask it.
        """
        grant = f"{action}:{model}"
        holders = [each for table in ("group", "service") for each in self.project.facts.get(table, ()) if grant in each.get("may", ())]
        if not holders:
            raise UsageError(f"the manifest grants `{grant}` to nobody", hint="grant it under `may`", code="no-grant")
        # Who may do least: what a drill asks for must not lead to an act that is waited for.
        holder = min(holders, key=lambda each: (sum(grant.startswith("call:") for grant in each["may"]), each["id"]))["id"]
        if holder not in self._keys:
            ends = format_time(parse_time(SystemClock().now()) + timedelta(hours=1))
            made, token = access.create(str(self.project.root), holder, "failover-drill", ends, accept_terms=True)
            self.exercise.keys.append(str(made["id"]))
            self.exercise.save()
            self._keys[holder] = token
            pause(0.2)
        return self._keys[holder]

    def _endpoint(self, model: str) -> str:
        return str(next(each["endpoint"] for each in self.project.facts["model"] if each["id"] == model))

    def _start(self, command: Sequence[str]) -> Child:
        child = start(command, self.project.root)
        self.exercise.started.append([child.pid, child.started])
        self.exercise.save()
        return child

    def _gateway(self) -> None:
        """Use the gateway that runs, or start one."""
        runs = self._running()
        if runs is not None and not self._failover:
            hint = "stop it, so that the drill can start one without"
            raise UsageError("a gateway runs already that lets alternates take over", hint=hint, code="runs-already")
        if runs is not None:
            self.url = runs
            return
        words = ["{python}", "-m", "tetrapylon.cli.__main__", "serve", "--listen", "127.0.0.1:0"]
        words += [] if self._failover else ["--no-failover"]
        words += ["--passphrase-file", self._passphrase_file] if self._passphrase_file else []
        child, until = self._start(words), time.monotonic() + PATIENCE
        while (found := self._running(child.pid)) is None:
            if time.monotonic() > until or not running(child):
                raise UndecidedError("the gateway did not start", hint="run `tetrapylon serve` to see why", code="not-running")
            pause(0.05)
        self.url = found

    def _running(self, pid: int | None = None) -> str | None:
        """Return where a gateway of this system answers."""
        try:
            found = json.loads(read_bytes(self.project.state("gateway.json")))
            if not found["running"] or pid not in {None, found["pid"]}:
                return None
            url = str(found["url"])
        except (MissingError, ValueError, KeyError, TypeError):
            return None
        answered = call(url, "GET", "/healthz", seconds=1.0)
        return url if answered is not None and answered.status == _OK else None

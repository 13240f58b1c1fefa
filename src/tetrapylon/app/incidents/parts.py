"""Start and end the endpoints that a drill needs, by what `incidents.toml` says of them."""

from __future__ import annotations

import time

from tetrapylon.app.incidents.state import State, save
from tetrapylon.app.project import Project
from tetrapylon.app.sighting import model_of
from tetrapylon.deploy.incidents.decisions import FILE, Decisions
from tetrapylon.kernel.errors import MissingError, UndecidedError
from tetrapylon.outside.beside import decisions_beside
from tetrapylon.outside.children import Child, end, start
from tetrapylon.outside.endpoint import alive
from tetrapylon.outside.files import make_folder

PATIENCE = 15.0
"""Seconds for an endpoint to come up."""


def decided(project: Project) -> Decisions:
    """Return what `incidents.toml` says."""
    return decisions_beside(project.root, FILE, Decisions, project.facts)


def needed(project: Project, asset: str) -> list[str]:
    """Return the models whose endpoints a drill about this one needs: itself and its alternate."""
    model = model_of(project, asset)
    return [each for each in (asset, model.get("alternate")) if each and "endpoint" in model_of(project, each)]


def bring_up(project: Project, state: State) -> None:
    """Start each endpoint that does not answer; what runs already is left alone.

    Raises:
        MissingError: nobody says how it is started (`not-running`).
        UndecidedError: it did not come up.
    """
    commands = {each.model: each.start for each in decided(project).part}
    make_folder(project.state("answers"), 0o700)
    for name in needed(project, state.asset):
        url = str(model_of(project, name)["endpoint"])
        if alive(url) is None:
            continue
        if name not in commands:
            hint = f"start it, or say how under `[[part]]` in `{FILE}`"
            raise MissingError(f"`{name}` does not answer at {url}", hint=hint, code="not-running")
        child = start(commands[name], project.root)
        state.started[name] = [str(child.pid), child.started]
        save(project, state)
        _await(url, name)


def _await(url: str, name: str) -> None:
    until = time.monotonic() + PATIENCE
    while (why := alive(url)) is not None:
        if time.monotonic() > until:
            raise UndecidedError(f"`{name}` was started and does not answer: {why}", code="not-running")
        time.sleep(0.05)


def take_down(state: State) -> None:
    """End what the drill started."""
    for pid, started in state.started.values():
        end(Child(int(pid), started))
    state.started.clear()

"""Put the system back as it was before a drill, from whatever point the drill was left at."""

from __future__ import annotations

from tetrapylon.app.access import key_file
from tetrapylon.app.detectors.canary import FILE as CANARIES
from tetrapylon.app.incidents.parts import take_down
from tetrapylon.app.incidents.state import State, save
from tetrapylon.app.incidents.steps import Desk
from tetrapylon.app.incidents.targets import EXPOSED
from tetrapylon.app.knowngood import find
from tetrapylon.kernel.digest import digest_hex, parse_digest
from tetrapylon.kernel.errors import IntegrityError, TetrapylonError
from tetrapylon.outside.files import hash_file, read_bytes, write_atomic
from tetrapylon.outside.moving import copy_whole
from tetrapylon.outside.switch import closings, reopen


def put_back(desk: Desk, state: State) -> None:
    """Restore the file, open the routes that this drill closed, end what it started, forget its canary. Safe to repeat.

    Raises:
        IntegrityError: the known-good bytes are not there any more (`no-known-good`).
    """
    _file_back(desk, state)
    _routes_open(desk, state)
    if state.canary is not None:
        _forget(desk, state.canary)
    take_down(state)
    if state.stage == "prepared":
        state.stage = "aborted"
    save(desk.project, state)


def _file_back(desk: Desk, state: State) -> None:
    project, path = desk.project, state.variables.get("path")
    if path is None:
        return
    if "key" in state.variables:
        _key_back(desk, state)
        return
    wanted, place = parse_digest(state.variables["digest"]), project.root / path
    found = _digest(state, place, desk)
    if found != wanted:
        source = find(project, wanted)
        if source is None:
            raise IntegrityError(
                f"`{path}` is broken by the drill, and its known-good bytes are gone", hint="restore a backup", code="no-known-good"
            )
        copy_whole(source, place)
    # What the drill itself broke is sealed with its evidence; it is no find for anybody.
    for held in project.state("quarantine").glob(f"*-{place.name}"):
        if held.name.partition("-")[0] == state.variables.get("poisoned"):
            held.unlink(missing_ok=True)


def _key_back(desk: Desk, state: State) -> None:
    """Remove the file in which the drill left a key lying, wherever it is now, and end the key."""
    if state.secret is None:
        return
    project = desk.project
    held = project.state("quarantine").glob(f"*-{EXPOSED}")
    for place in (project.root / EXPOSED, *held):
        place.unlink(missing_ok=True)
    if state.variables["key"] in {each.id for each in key_file(project).every()}:
        key_file(project).revoke(state.variables["key"])
    state.secret = None


def _digest(state: State, place: object, desk: Desk) -> str | None:
    from pathlib import Path

    try:
        found = hash_file(Path(str(place)))
    except TetrapylonError:
        held = [each.name.partition("-")[0] for each in desk.project.state("quarantine").glob(f"*-{Path(str(place)).name}")]
        if held and state.injected_at is not None:
            state.variables.setdefault("poisoned", held[-1])
        return None
    if found != state.variables["digest"]:
        state.variables.setdefault("poisoned", digest_hex(found))
    return found


def _routes_open(desk: Desk, state: State) -> None:
    """Open what says that this drill closed it; what others closed stays closed."""
    path = desk.project.state("closed.json")
    if not path.exists():
        return
    for route, each in closings(path)[1].items():
        if each.why.startswith(state.id):
            reopen(path, route)


def _forget(desk: Desk, canary: str) -> None:
    path = desk.project.state(CANARIES)
    kept = [each for each in read_bytes(path).decode().split() if each != canary] if path.exists() else []
    if kept:
        write_atomic(path, "".join(f"{each}\n" for each in kept).encode(), 0o600)
    else:
        path.unlink(missing_ok=True)

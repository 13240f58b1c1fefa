"""Publish updates of model, prompt and guard, take them, go back, and drill what attackers try."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tetrapylon.cli.options import common_options, passphrase_option
from tetrapylon.cli.output import emit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tetrapylon.operate.updates.client import Client, Installed, Offer

SHOWN = 3
"""Known limits that are shown; the others are in `--json`."""


@click.group()
def command() -> None:
    """Publish updates of model, prompt and guard, take them, go back, and drill what attackers try."""


def _installation(function: Callable[..., int]) -> Callable[..., int]:
    """Add what every command about an installation takes."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")(_places(function))


def _places(function: Callable[..., int]) -> Callable[..., int]:
    function = click.option("--root", metavar="FILE", required=True, help="The provider's root of trust (`root.json`).")(function)
    return click.option("--into", metavar="DIR", required=True, help="The installation's folder.")(function)


def _offering(function: Callable[..., int]) -> Callable[..., int]:
    function = click.option(
        "--channel",
        type=click.Choice(["stable", "preview"]),
        default="stable",
        show_default=True,
        help="Which channel: what was decided, or what is to be tried.",
    )(function)
    return click.option("--from", "source", metavar="DIR|URL", help="Where the channel is; remembered.")(function)


@command.command()
@common_options
@passphrase_option
@click.option(
    "--channel",
    type=click.Choice(["stable", "preview"]),
    default="stable",
    show_default=True,
    help="Which channel: what was decided, or what is to be tried.",
)
@click.option("--out", metavar="DIR", help="The channel's folder, for any web server (default: in the system's state).")
@click.option("--renew", is_flag=True, help="Change nothing: sign anew, so that readers go on believing it.")
def publish(*, directory: str | None, as_json: bool, passphrase_file: str | None, channel: str, out: str | None, renew: bool) -> int:
    """Offer the release as it is now: each part in a list of its own, the whole signed by the root keys.

    Ends with 1 if the version is not the one that the change asks for, or, on the channel `stable`, if the release was not
    evaluated or not released by a gate.
    """
    from tetrapylon.app import updating, wiring
    from tetrapylon.app.project import open_project

    project, passphrase = open_project(directory), wiring.read_passphrase(passphrase_file)
    if renew:
        folder = updating.renew(project, out, passphrase)
        emit({"schema": "tetrapylon/update-renewed/1", "folder": str(folder), "exit": 0}, [f"signed anew: {folder}"], as_json=as_json)
        return 0
    done = updating.publish(project, channel, out, passphrase)
    data = {
        "schema": "tetrapylon/update-published/1",
        "channel": channel,
        "folder": str(done.folder),
        "release": done.delivery.release,
        "digest": done.delivery.digest,
        "level": done.delivery.needs,
        "because": done.delivery.because,
        "evaluated": done.delivery.evaluated,
        "limits": list(done.delivery.limits),
        "files": [{"part": each.part, "path": each.path} for each in done.delivery.items],
        "served": [{"release": each["release"], "until": each["until"]} for each in done.served],
        "exit": 0,
    }
    lines = [f"{channel}: {done.delivery.release}, {len(done.delivery.items)} files, in {done.folder}", done.delivery.because]
    emit(data, [*lines, *(f"still served: {each['release']} until {each['until']}" for each in done.served)], as_json=as_json)
    return 0


@command.command()
@_offering
@_installation
def check(*, as_json: bool, into: str, root: str, source: str | None, channel: str) -> int:
    """Look what a channel offers, and remember that it was seen; nothing is installed."""
    from tetrapylon.outside.clock import SystemClock

    client = _client(into, root)
    offer = client.check(_source(client, source), channel, SystemClock().now())
    _tell_offer(offer, client.state(), as_json=as_json)
    return 0


@command.command()
@_offering
@_installation
def preview(*, as_json: bool, into: str, root: str, source: str | None, channel: str) -> int:
    """Look what is coming: what the channel `preview` offers, unless another is asked for."""
    from tetrapylon.outside.clock import SystemClock

    client = _client(into, root)
    offer = client.check(_source(client, source), "preview" if channel == "stable" else channel, SystemClock().now())
    _tell_offer(offer, client.state(), as_json=as_json)
    return 0


@command.command()
@_offering
@_installation
@click.option("--canary", type=click.IntRange(1, 99), metavar="PERCENT", help="Give it to this share of the callers first.")
@click.option("--again", is_flag=True, help="Install it although it was taken back here before.")
def apply(*, as_json: bool, into: str, root: str, source: str | None, channel: str, canary: int | None, again: bool) -> int:
    """Install what a channel offers: the installation is the old one or the new one, also after a loss of power."""
    from tetrapylon.outside.clock import SystemClock

    client = _client(into, root)
    state = client.apply(_source(client, source), channel, SystemClock().now(), percent=canary or 100, again=again)
    return _tell(state, as_json=as_json)


@command.command()
@_installation
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="Serve the version before for so long.")
def promote(*, as_json: bool, into: str, root: str, days: int) -> int:
    """Give the release that some callers tried to everybody."""
    from datetime import timedelta

    from tetrapylon.outside.clock import SystemClock, format_time, parse_time

    now = SystemClock().now()
    return _tell(_client(into, root).promote(now, format_time(parse_time(now) + timedelta(days=days))), as_json=as_json)


@command.command()
@_installation
def rollback(*, as_json: bool, into: str, root: str) -> int:
    """Go back: stop trying a release, or make the version before it the one in force, every file checked."""
    return _tell(_client(into, root).roll_back(), as_json=as_json)


@command.command()
@_installation
@click.option("--caller", metavar="ID", help="Say which version answers this caller.")
def show(*, as_json: bool, into: str, root: str, caller: str | None) -> int:
    """Show what is installed, and check every file of it; ends with 4 if one was changed."""
    client = _client(into, root)
    changed = client.verify()
    state = client.state()
    slot = state.slot_for(caller) if caller is not None else None
    extra = {} if caller is None else {"caller": caller, "answeredBy": slot and slot.release}
    return _tell(state, as_json=as_json, changed=changed, extra=extra)


@command.command()
@common_options
@_places
@click.option("--enough", type=click.IntRange(1), default=500, show_default=True, help="Observations that promote a release.")
def watch(*, directory: str | None, as_json: bool, into: str, root: str, enough: int) -> int:
    """Judge the release that is tried by what monitoring recorded: promote it, wait, or roll back; ends with 1 if rolled back."""
    from tetrapylon.app.updating import watch as judge

    advice, why, state = judge(directory, _client(into, root), enough)
    return _tell(state, as_json=as_json, extra={"advice": advice, "why": why}, code=1 if advice == "roll back" else 0)


@command.command()
@common_options
@passphrase_option
def drill(*, directory: str | None, as_json: bool, passphrase_file: str | None) -> int:
    """Update, go back and attack a channel of this system with the real client, and record what held; ends with 1 if something did not."""
    from tetrapylon.app import updating, wiring
    from tetrapylon.app.guidance import policy
    from tetrapylon.app.project import open_project
    from tetrapylon.app.recording import Recorder
    from tetrapylon.outside.clock import SystemClock

    project = open_project(directory)
    recorder = Recorder(project, policy(project), wiring.read_passphrase(passphrase_file), now=SystemClock().now())
    found = updating.hold_drill(project, recorder)
    code = 0 if all(found.held.values()) else 1
    data = {
        "schema": "tetrapylon/update-drill/1",
        "held": found.held,
        "refusals": found.refusals,
        "sentences": list(found.sentences),
        "exit": code,
    }
    lines = [f"{'held' if held else 'DID NOT HOLD':<12} {name}" for name, held in found.held.items()]
    emit(data, [*lines, *found.sentences], as_json=as_json)
    return code


def _client(into: str, root: str) -> Client:
    from tetrapylon.app.updating import client
    from tetrapylon.outside.files import read_bytes

    return client(into, read_bytes(Path(root)))


def _source(client: Client, given: str | None) -> str:
    from tetrapylon.kernel.errors import UsageError

    source = given or client.state().source
    if not source:
        raise UsageError("this installation knows no channel yet", hint="say where it is with `--from DIR|URL`", code="no-source")
    return source


def _tell_offer(offer: Offer, state: Installed, *, as_json: bool) -> None:
    delivery = offer.delivery
    current = state.current and state.current.release
    new = state.current is None or state.current.digest != delivery.digest
    data = {
        "schema": "tetrapylon/update-offer/1",
        "release": delivery.release,
        "digest": delivery.digest,
        "level": delivery.needs,
        "because": delivery.because,
        "evaluated": delivery.evaluated,
        "limits": list(delivery.limits),
        "installed": current,
        "new": new,
        "served": dict(offer.served),
        "exit": 0,
    }
    word = "new" if new else "installed already"
    lines = [f"{delivery.release} ({word}); installed: {current or 'nothing'}", delivery.because]
    shown = [f"known limit: {each}" for each in delivery.limits[:SHOWN]]
    more = [f"and {len(delivery.limits) - SHOWN} more known limits: `--json`"] if len(delivery.limits) > SHOWN else []
    emit(data, [*lines, *shown, *more], as_json=as_json)


def _tell(state: Installed, *, as_json: bool, changed: tuple[str, ...] = (), extra: dict[str, Any] | None = None, code: int = 0) -> int:
    code = 4 if changed else code
    held = [
        ("in force", state.current),
        (f"tried by {state.percent} %", state.trying),
        *(("still served", each) for each in state.previous),
    ]
    releases = [(word, each) for word, each in held if each is not None]
    data = {
        "schema": "tetrapylon/update-installed/1",
        "current": state.current and state.current.release,
        "trying": state.trying and state.trying.release,
        "percent": state.percent,
        "folder": state.current and state.current.folder,
        "previous": [{"release": each.release, "until": each.until} for each in state.previous],
        "automatic": state.automatic,
        "checked": state.checked,
        "changed": list(changed),
        **(extra or {}),
        "exit": code,
    }
    lines = [f"{word}: {each.release} in {each.folder}" + (f" until {each.until}" if each.until else "") for word, each in releases]
    said = [f"{name}: {value}" for name, value in (extra or {}).items()]
    emit(data, [*(lines or ["nothing is installed"]), *said, *(f"CHANGED: {each}" for each in changed)], as_json=as_json)
    return code

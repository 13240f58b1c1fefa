"""The drill: the real client against a real channel that an attacker holds, with keys made for the drill alone.

What it does: publishes two releases of the system as it is, updates an installation that nobody configured, goes back and
compares every byte, and then lets an attacker do to the channel what attackers do: change a file, hand out older metadata,
hand out what has expired, mix lists of two releases, jump ahead with versions. Each must be refused with nothing changed.
Why it matters: a refusal that was never seen is a hope.

The keys of the real channel sign none of this: expired or mixed lists that they had signed could be used against readers.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tetrapylon.kernel.errors import IntegrityError, TetrapylonError
from tetrapylon.operate.updates.client import Client, Open
from tetrapylon.operate.updates.decisions import PARTS
from tetrapylon.operate.updates.delivery import Delivery, Item
from tetrapylon.operate.updates.repository import Keys, Repository, signed_bytes
from tetrapylon.outside.clock import format_time, parse_time
from tetrapylon.outside.disk import FolderDisk
from tetrapylon.outside.files import hash_file, make_folder, read_bytes, write_atomic

_ADDED = "drill-note.txt"
_NEXT, _FAR = 1_000, 2_000_000_000
"""Versions after those that a drill publishes."""


@dataclass(frozen=True)
class Stage:
    """What a drill is played with."""

    source: Path
    """The folder of the system."""

    delivery: Delivery
    root: bytes
    """The drill's own root of trust, of the same form as the real one."""

    keys: Keys
    stranger: Keys
    """Keys of the same form that nobody trusts."""

    opened: Open
    now: str
    served_days: int
    check_hours: int
    automatic: bool


@dataclass(frozen=True)
class Drilled:
    """How the drill went: what held, and a sentence for what did not."""

    held: dict[str, bool]
    sentences: tuple[str, ...]
    refusals: dict[str, str]
    """The code of each refusal, by attack."""


@dataclass
class _Play:
    stage: Stage
    folder: Path
    held: dict[str, bool]
    said: list[str]
    refusals: dict[str, str]

    @property
    def channel(self) -> Path:
        return self.folder / "channel"

    def repository(self, now: str | None = None) -> Repository:
        return Repository(self.channel, [self.stage.root], self.stage.keys, now or self.stage.now)

    def client(self, name: str) -> Client:
        return Client(FolderDisk(self.folder / name), self.stage.root, self.stage.opened)

    def note(self, name: str, *, held: bool, why: str) -> None:
        self.held[name] = held
        if not held:
            self.said.append(why)


def drill(stage: Stage, folder: Path) -> Drilled:
    """Play the whole drill in an empty folder."""
    play = _Play(stage, folder, {}, [], {})
    first, second = _two_releases(play)
    _updates(play, first, second)
    _attacks(play)
    return Drilled(play.held, tuple(play.said), play.refusals)


def _two_releases(play: _Play) -> tuple[Delivery, Delivery]:
    """Return the release as it is, and one after it in which one prompt (or else one file of code) is another."""
    stage = play.stage
    content = play.folder / "second"
    make_folder(content)
    changed = next((each for part in ("prompt", "code", *PARTS) for each in stage.delivery.items if each.part == part), None)
    path = changed.path if changed else _ADDED
    for each in stage.delivery.items:
        make_folder((content / each.path).parent)
        shutil.copyfile(stage.source / each.path, content / each.path)
    data = read_bytes(content / path, 1 << 30) if changed else b""
    write_atomic(content / path, data + b"\nChanged for the drill.\n")
    digest = hash_file(content / path)
    item = Item(changed.part if changed else "code", path, digest.removeprefix("sha256:"), (content / path).stat().st_size)
    items = (*(each for each in stage.delivery.items if each.path != path), item)
    second = replace(stage.delivery, release=f"{stage.delivery.release}-drill", digest=digest, items=items, evaluated=True)
    return replace(stage.delivery, evaluated=True), second


def _updates(play: _Play, first: Delivery, second: Delivery) -> None:
    stage, client = play.stage, play.client("installation")
    source = str(play.channel)
    play.repository().publish("stable", first, stage.source, stage.served_days)
    shutil.copytree(play.channel, play.folder / "channel-1")
    client.apply(source, "stable", stage.now)
    before = _content(play.folder / "installation")
    versions = _versions(play)
    play.repository().publish("stable", second, play.folder / "second", stage.served_days)
    play.repository().publish("preview", second, play.folder / "second", stage.served_days)
    moved = {name for name, version in _versions(play).items() if version != versions[name]}
    separate = moved == {"targets", next(each.part for each in second.items if each not in first.items)}
    play.note("separateTargets", held=separate, why=f"one changed part moved the lists {', '.join(sorted(moved))}")
    untouched = client.state()
    if stage.automatic and untouched.automatic:
        client.apply(untouched.source, untouched.channel, stage.now)
    state = client.state()
    updated = state.current is not None and state.current.digest == second.digest and state.checked == stage.now
    play.note("automatic", held=updated, why="an installation that nobody configured did not update itself")
    served = state.serving(first.release, stage.now) is not None and not client.verify()
    play.note("previousServed", held=served, why="the version before was not there to be served")
    offered = play.client("preview").check(source, "preview", stage.now)
    play.note("preview", held=offered.delivery.digest == second.digest, why="the preview was not offered")
    play.note("rolledBack", held=_goes_back(play, client, first, before), why="going back did not bring back every byte")
    client.apply(source, "stable", stage.now, again=True)


def _goes_back(play: _Play, client: Client, first: Delivery, before: dict[str, str]) -> bool:
    """Return whether going back makes the first release the one in force, with every byte as it was."""
    try:
        back = client.roll_back()
    except TetrapylonError as error:
        play.said.append(error.message)
        return False
    return back.current is not None and back.current.digest == first.digest and _content(play.folder / "installation") == before


def _versions(play: _Play) -> dict[str, int]:
    from tuf.api.metadata import Metadata, Snapshot

    found = sorted((play.channel / "metadata").glob("*.snapshot.json"), key=lambda each: int(each.name.partition(".")[0]))
    snapshot: Metadata[Snapshot] = Metadata.from_bytes(read_bytes(found[-1]))
    return {name.removesuffix(".json"): each.version for name, each in snapshot.signed.meta.items()}


def _content(folder: Path) -> dict[str, str]:
    """Return the digest of every installed file below the releases' folders."""
    return {str(each.relative_to(folder)): hash_file(each) for each in sorted(folder.glob("release-*/**/*")) if each.is_file()}


def _attacks(play: _Play) -> None:
    attacks: dict[str, tuple[str, Callable[[_Play], None], bool]] = {
        "tamperRefused": ("a file that was changed on the way", _tamper, True),
        "rollbackRefused": ("metadata older than was seen", _older, False),
        "freezeRefused": ("metadata that is no longer renewed", _frozen, False),
        "expiryRefused": ("a list that has expired", _expired, True),
        "mixRefused": ("lists of two releases mixed", _mixed, True),
        "fastForwardRefused": ("versions far ahead, signed by nobody", _ahead, False),
    }
    whole = play.folder / "channel-whole"
    shutil.copytree(play.channel, whole)
    for name, (what, attack, fresh) in attacks.items():
        shutil.rmtree(play.channel)
        shutil.copytree(whole, play.channel)
        attack(play)
        refused = _refused(play, name, fresh=fresh)
        play.note(name, held=refused, why=f"the client took {what}")
    shutil.rmtree(play.channel)
    shutil.copytree(whole, play.channel)
    # Only refusals of somebody who still takes what is right prove anything.
    play.client("installation").check(str(play.channel), "stable", play.stage.now)


def _refused(play: _Play, name: str, *, fresh: bool) -> bool:
    """Return whether a client refuses the channel for its integrity and stays as it was; a new one has nothing yet."""
    place = play.folder / ("new-" + name if fresh else "installation")
    client = play.client(place.name)
    before = (client.state().as_json(), _content(place))
    try:
        client.apply(str(play.channel), "stable", play.stage.now, again=True)
    except IntegrityError as error:
        play.refusals[name] = error.code
    except TetrapylonError as error:
        play.said.append(f"{name}: refused for another reason: {error.message}")
        return False
    after = client.state()
    installed = {} if after.current is None else _content(place)
    return name in play.refusals and after.as_json() == before[0] and installed == before[1]


def _tamper(play: _Play) -> None:
    """Change one bit of the largest file that is delivered, keeping its length."""
    files = [each for each in (play.channel / "targets").glob("*/*") if each.parent.name in PARTS]
    largest = max(files, key=lambda each: (each.stat().st_size, each.name))
    data = bytearray(read_bytes(largest, 1 << 32))
    data[len(data) // 2] ^= 1
    write_atomic(largest, bytes(data))


def _older(play: _Play) -> None:
    """Hand out the whole channel as it was before the second release."""
    shutil.rmtree(play.channel)
    shutil.copytree(play.folder / "channel-1", play.channel)


def _frozen(play: _Play) -> None:
    """Hand out the last that an attacker lets through, long after it was signed."""
    _resign(play, "timestamp", "timestamp.json", expires=_past(play), version=_NEXT)


def _expired(play: _Play) -> None:
    """Hand out a list of one part that has expired, although everything above it is fresh."""
    name = _newest_list(play)
    _resign(play, name.split(".")[1], name, expires=_past(play))


def _mixed(play: _Play) -> None:
    """Put the list of the first release in the place of the second's."""
    old = _newest(play.folder / "channel-1" / "metadata", "targets")
    new = _newest(play.channel / "metadata", "targets")
    shutil.copyfile(old, new)


def _ahead(play: _Play) -> None:
    """Jump ahead with the version, signed with keys that nobody trusts."""
    _resign(play, "timestamp", "timestamp.json", version=_FAR, keys=play.stage.stranger)


def _newest_list(play: _Play) -> str:
    part = next(each.part for each in play.stage.delivery.items)
    return _newest(play.channel / "metadata", part).name


def _newest(folder: Path, name: str) -> Path:
    return max(folder.glob(f"*.{name}.json"), key=lambda each: int(each.name.partition(".")[0]))


def _past(play: _Play) -> str:
    return format_time(parse_time(play.stage.now) - timedelta(days=1))


def _resign(play: _Play, role: str, name: str, *, expires: str | None = None, version: int | None = None, keys: Keys | None = None) -> None:
    from tuf.api.metadata import Metadata

    path = play.channel / "metadata" / name
    metadata: Metadata[Any] = Metadata.from_bytes(read_bytes(path))
    if expires is not None:
        metadata.signed.expires = parse_time(expires)
    if version is not None:
        metadata.signed.version = version
    if keys is not None:
        signers = keys.roots
    else:
        signers = [play.stage.keys.parts[role]] if role in PARTS else play.stage.keys.enough(play.stage.root, role)
    write_atomic(path, signed_bytes(metadata, signers))

"""One installation: what it trusts, what it has, and how it moves to another release and back.

What it does: every release lies in a folder of its own; one small file says which of them is in force, which are still
served, and which metadata is trusted. That file is replaced in one step and last, so whatever happens before or after,
power loss included, the installation is the old one or the new one.
Why it matters: a half-installed guard guards nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from tetrapylon.kernel.canonical import Json, canonical_json, read_json
from tetrapylon.kernel.errors import IntegrityError, MissingError, RefusedError, UndecidedError
from tetrapylon.operate.updates.canary import chosen
from tetrapylon.operate.updates.delivery import CHANNEL_SCHEMA, Delivery, Item, read_delivery
from tetrapylon.outside.disk import Disk, WholeFiles

STATE = "installed.json"
STATE_SCHEMA = "tetrapylon/installed/1"
ALL = 100

_CHUNK = 1 << 20


class Reading(Protocol):
    """A channel that was verified; `outside.channel.Channel` is one."""

    def read(self, name: str) -> bytes | None:
        """Return a small target, or None."""
        ...

    def download(self, name: str) -> Path | None:
        """Return a scratch copy of a target, or None."""
        ...

    def metadata(self) -> dict[str, str]:
        """Return what is trusted now."""
        ...


Open = Callable[[str, bytes, Mapping[str, str]], AbstractContextManager[Reading]]


@dataclass(frozen=True, slots=True)
class Slot:
    """One installed release."""

    release: str
    digest: str
    document: str
    """The release's document, as text."""

    until: str | None = None
    """Until when it is still served after a newer one came; None for the one in force."""

    @property
    def folder(self) -> str:
        """Where its files lie."""
        return f"release-{self.digest.removeprefix('sha256:')[:16]}"

    @property
    def items(self) -> tuple[Item, ...]:
        """Its files."""
        return read_delivery(self.document.encode()).items

    def as_json(self) -> dict[str, Json]:
        """Return this as data."""
        return {"release": self.release, "digest": self.digest, "document": self.document, "until": self.until}


@dataclass(frozen=True)
class Installed:
    """Everything that an installation knows."""

    source: str = ""
    channel: str = "stable"
    automatic: bool = True
    metadata: Mapping[str, str] = field(default_factory=dict)
    current: Slot | None = None
    trying: Slot | None = None
    """A release that some callers get first."""

    percent: int = 0
    since: str | None = None
    """Since when it is tried."""

    previous: tuple[Slot, ...] = ()
    """Newest first."""

    refused: tuple[str, ...] = ()
    """Digests of releases that were taken back: they are not installed again by themselves."""

    checked: str | None = None

    def slot_for(self, caller: str) -> Slot | None:
        """Return the release that answers this caller."""
        if self.trying is not None and chosen(caller, self.trying.digest, self.percent):
            return self.trying
        return self.current

    def serving(self, release: str, now: str) -> Slot | None:
        """Return the installed release of this version, if it is in force or still served."""
        held = [each for each in (self.current, self.trying, *self.previous) if each is not None]
        return next((each for each in held if each.release == release and (each.until is None or now <= each.until)), None)

    def as_json(self) -> dict[str, Json]:
        """Return this as data."""
        return {
            "schema": STATE_SCHEMA,
            "source": self.source,
            "channel": self.channel,
            "automatic": self.automatic,
            "metadata": dict(self.metadata),
            "current": self.current and self.current.as_json(),
            "trying": self.trying and self.trying.as_json(),
            "percent": self.percent,
            "since": self.since,
            "previous": [each.as_json() for each in self.previous],
            "refused": list(self.refused),
            "checked": self.checked,
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """What a channel offers."""

    delivery: Delivery
    document: str
    served: Mapping[str, str]
    """Until when earlier releases are served, by digest."""


class Client:
    """An installation in a folder. One at a time: every change holds the folder's lock."""

    def __init__(self, disk: Disk, root: bytes, opened: Open) -> None:
        self._disk = disk
        self._root = root
        self._open = opened
        self._files = WholeFiles(disk)

    def state(self) -> Installed:
        """Return what is installed.

        Raises:
            IntegrityError: the installation's own file is not of its form (`malformed`).
        """
        data = self._disk.read(STATE)
        return Installed() if data is None else _read_state(data)

    def check(self, source: str, channel: str, now: str) -> Offer:
        """Look what the channel offers now; what is trusted from then on is kept, nothing is installed.

        Raises:
            IntegrityError, UndecidedError: the channel is refused or cannot be reached; nothing changed.
        """
        with self._disk.lock(shared=False):
            state = self.state()
            with self._open(source, self._root, state.metadata) as opened:
                offer = _offer(opened, channel)
                self._save(replace(state, source=source, channel=channel, metadata=opened.metadata(), checked=now))
        return offer

    def apply(self, source: str, channel: str, now: str, *, percent: int = ALL, again: bool = False) -> Installed:
        """Install what the channel offers: for all callers, or for some of them first.

        Raises:
            RefusedError: it was not evaluated (`not-evaluated`), or it was taken back before (`taken-back`).
            IntegrityError, UndecidedError: the channel is refused or cannot be reached; nothing changed.
        """
        with self._disk.lock(shared=False):
            state = self.state()
            with self._open(source, self._root, state.metadata) as opened:
                offer = _offer(opened, channel)
                state = replace(state, source=source, channel=channel, metadata=opened.metadata(), checked=now)
                _refuse_unfit(offer, state, channel, again=again)
                slot = Slot(offer.delivery.release, offer.delivery.digest, offer.document)
                self._install(slot, opened)
            state = replace(state, refused=tuple(each for each in state.refused if each != slot.digest))
            following = _tried(state, slot, percent, now) if percent < ALL and state.current else _moved(state, slot, offer.served, now)
            self._save(following)
            self._remove(state, following)
        return following

    def promote(self, now: str, until: str) -> Installed:
        """Give the release that was tried to everybody; the one before is served until then.

        Raises:
            MissingError: none is being tried (`nothing-tried`).
        """
        with self._disk.lock(shared=False):
            state = self.state()
            if state.trying is None:
                raise MissingError("no release is being tried", hint="apply one with `--canary`", code="nothing-tried")
            self._check(state.trying)
            served = {state.current.digest: until} if state.current else {}
            following = _moved(state, state.trying, served, now)
            self._save(following)
            self._remove(state, following)
        return following

    def roll_back(self) -> Installed:
        """Go back: stop trying a release, or make the one before the one in force; all of its files are checked first.

        Raises:
            MissingError: there is none to go back to (`nothing-before`).
            IntegrityError: a file of it is not what it was (`changed`).
        """
        with self._disk.lock(shared=False):
            state = self.state()
            if state.trying is not None:
                following = replace(state, trying=None, percent=0, since=None, refused=(*state.refused, state.trying.digest))
            elif state.current is None or not state.previous:
                raise MissingError("there is no earlier release to go back to", code="nothing-before")
            else:
                before = state.previous[0]
                self._check(before)
                refused = (*state.refused, state.current.digest)
                following = replace(state, current=replace(before, until=None), previous=state.previous[1:], refused=refused)
            self._save(following)
            self._remove(state, following)
        return following

    def verify(self) -> tuple[str, ...]:
        """Return every file of an installed release that is not what was signed, as `version path`."""
        state = self.state()
        held = [each for each in (state.current, state.trying, *state.previous) if each is not None]
        return tuple(f"{slot.release} {item.path}" for slot in held for item in slot.items if not self._holds(slot, item))

    def _check(self, slot: Slot) -> None:
        changed = [item.path for item in slot.items if not self._holds(slot, item)]
        if changed:
            hint = "install a release from the channel"
            raise IntegrityError(f"`{changed[0]}` of version {slot.release} is not what was installed", hint=hint, code="changed")

    def _holds(self, slot: Slot, item: Item) -> bool:
        path = f"{slot.folder}/{item.path}"
        if self._disk.size(path) != item.length:
            return False
        digest = hashlib.sha256()
        for start in range(0, item.length, _CHUNK):
            digest.update(self._disk.read(path, start, min(start + _CHUNK, item.length)) or b"")
        return digest.hexdigest() == item.sha256

    def _install(self, slot: Slot, opened: Reading) -> None:
        for item in slot.items:
            path = f"{slot.folder}/{item.path}"
            if self._holds(slot, item):
                self._files.settle(path)
                continue
            found = opened.download(item.target)
            if found is None:
                raise UndecidedError(f"the channel does not offer `{item.path}` of version {slot.release}", code="unreachable")
            self._files.copy(path, found)
            if not self._holds(slot, item):
                raise IntegrityError(f"`{item.path}` of version {slot.release} is not what the release names", code="mismatch")

    def _save(self, state: Installed) -> None:
        self._files.write(STATE, canonical_json(state.as_json()))

    def _remove(self, before: Installed, after: Installed) -> None:
        """Remove the folders of releases that are no longer held; a loss of power here leaves some files too many."""
        kept = {each.folder for each in (after.current, after.trying, *after.previous) if each is not None}
        for slot in (each for each in (before.current, before.trying, *before.previous) if each is not None):
            if slot.folder not in kept:
                folders = {f"{slot.folder}/{item.path}".rpartition("/")[0] for item in slot.items}
                above = {"/".join(each.split("/")[:count]) for each in folders for count in range(1, each.count("/") + 2)}
                for each in sorted(above, key=lambda name: -name.count("/")):
                    self._files.remove_folder(each)


def _offer(opened: Reading, channel: str) -> Offer:
    data = opened.read(f"{channel}.json")
    if data is None:
        raise MissingError(f"the channel offers no `{channel}` release", code="no-channel")
    try:
        index = read_json(data, "the channel")
        _same((index["schema"], index["channel"]), (CHANNEL_SCHEMA, channel))
        current = index["current"]
        document = opened.read(str(current["document"]))
        served = {str(each["digest"]): str(each["until"]) for each in index["served"]}
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError(f"what the channel offers is malformed ({str(error)[:80]})", code="malformed") from error
    if document is None:
        raise IntegrityError("the channel names a release that it does not offer", code="mismatch")
    delivery = read_delivery(document)
    if (delivery.release, delivery.digest) != (current["release"], current["digest"]):
        raise IntegrityError("the channel names another release than it offers", code="mismatch")
    return Offer(delivery, document.decode(), served)


def _refuse_unfit(offer: Offer, state: Installed, channel: str, *, again: bool) -> None:
    delivery = offer.delivery
    if not delivery.evaluated and channel == "stable":
        raise RefusedError(
            f"version {delivery.release} was not evaluated with exactly these parts", hint="ask the provider", code="not-evaluated"
        )
    if delivery.digest in state.refused and not again:
        hint = "install it anyway with `--again`, or wait for the next"
        raise RefusedError(f"version {delivery.release} was taken back here before", hint=hint, code="taken-back")


def _tried(state: Installed, slot: Slot, percent: int, now: str) -> Installed:
    if state.current is not None and state.current.digest == slot.digest:
        return state
    same = state.trying is not None and state.trying.digest == slot.digest
    return replace(state, trying=slot, percent=percent, since=state.since if same else now)


def _moved(state: Installed, slot: Slot, served: Mapping[str, str], now: str) -> Installed:
    """Return the state with the release in force; the one before it is always kept, to go back to."""
    if state.current is not None and state.current.digest == slot.digest:
        return replace(state, current=slot, trying=None, percent=0, since=None)
    before = () if state.current is None else (replace(state.current, until=served.get(state.current.digest, now)),)
    older = tuple(each for each in state.previous if each.digest != slot.digest and each.until is not None and now <= each.until)
    return replace(state, current=slot, trying=None, percent=0, since=None, previous=(*before, *older))


def _read_state(data: bytes) -> Installed:
    try:
        value = read_json(data, f"`{STATE}`")
        _same(value["schema"], STATE_SCHEMA)
        rest: dict[str, Any] = {
            key: each for key, each in value.items() if key not in {"schema", "current", "trying", "previous", "refused"}
        }
        return Installed(
            **rest,
            current=_slot(value["current"]),
            trying=_slot(value["trying"]),
            previous=_slots(value["previous"]),
            refused=tuple(value["refused"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IntegrityError(f"`{STATE}` of the installation is malformed ({str(error)[:80]})", code="malformed") from error


def _same(found: Json, wanted: Json) -> None:
    if found != wanted:
        raise ValueError("another schema or channel")


def _slot(value: Mapping[str, Any] | None) -> Slot | None:
    return None if value is None else Slot(**value)


def _slots(values: Sequence[Mapping[str, Any]]) -> tuple[Slot, ...]:
    return tuple(Slot(**each) for each in values)

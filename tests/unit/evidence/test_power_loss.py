"""Power is lost, or the medium refuses, at every single step of the real file store.

`WeakDisk` forgets what was not synced, in every way a disk may: contents that were written and not synced are gone,
there, cut short, there in length only, or there with holes; names that were not synced are gone, there, or there in part.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache

import pytest

from tetrapylon.evidence.store import tree_head
from tetrapylon.evidence.stores.files import FileStore
from tetrapylon.kernel.canonical import base64_text
from tetrapylon.kernel.digest import Digest, sha256
from tetrapylon.kernel.errors import StorageError
from tetrapylon.kernel.merkle import merkle_root

CONTENTS = ("gone", "there", "cut", "length", "holes")
NAMES = ("gone", "there", "part")


class PowerLost(BaseException):
    """The machine stopped."""


@dataclass
class Node:
    """A file's contents: what is safe, and what was done since."""

    safe: bytes = b""
    since: list[Callable[[bytes], bytes]] = field(default_factory=list)

    def now(self, steps: int | None = None) -> bytes:
        data = self.safe
        for step in self.since[:steps]:
            data = step(data)
        return data

    def after_power_loss(self, how: str, chance: random.Random) -> bytes:
        if not self.since or how == "gone":
            return self.safe
        if how == "length":
            return self.safe[: len(self.now())].ljust(len(self.now()), b"\0")
        if how == "there":
            return self.now()
        before, after = self.now(len(self.since) - 1), self.now()
        if how == "holes":
            first = min(len(self.safe), len(after))
            start, stop = sorted(chance.randrange(first, len(after) + 1) for _ in range(2))
            return after[:start] + bytes(stop - start) + after[stop:]
        at = chance.randrange(len(after) + 1)
        return after[:at] + before[at:]


@dataclass
class Folder:
    """Names in a folder: those that are safe, and what was done since."""

    safe: dict[str, Node] = field(default_factory=dict)
    since: list[tuple[str, Node | None]] = field(default_factory=list)

    def now(self, steps: int | None = None) -> dict[str, Node]:
        names = dict(self.safe)
        for name, node in self.since[:steps]:
            if node is None:
                names.pop(name, None)
            else:
                names[name] = node
        return names


class WeakDisk:
    """A disk that stops, or refuses once, at a step of one's choice."""

    def __init__(self) -> None:
        self.folders: dict[str, Folder] = {"": Folder()}
        self.safe_folders = {""}
        self.steps = 0
        self.stop_at = self.refuse_at = -1

    def _step(self) -> bool:
        """Count a step; return whether it is refused."""
        if self.steps == self.stop_at:
            raise PowerLost
        self.steps += 1
        return self.steps - 1 == self.refuse_at

    def _may(self) -> None:
        if self._step():
            raise StorageError("the disk is full", code="full")

    def _node(self, path: str) -> Node | None:
        folder, _, name = path.rpartition("/")
        return self.folders[folder].now().get(name) if folder in self.folders else None

    def size(self, path: str) -> int | None:
        node = self._node(path)
        return None if node is None else len(node.now())

    def read(self, path: str, start: int = 0, stop: int | None = None) -> bytes | None:
        node = self._node(path)
        return None if node is None else node.now()[start:stop]

    @contextmanager
    def change(self, path: str, *, new: bool = False) -> Iterator[WeakFile]:
        self._may()
        folder, _, name = path.rpartition("/")
        node = self._node(path)
        if node is None:
            assert new, path
            node = Node()
            self.folders[folder].since.append((name, node))
        elif new:
            node.since.append(lambda _: b"")
        yield WeakFile(self, node)

    def rename(self, old: str, new: str) -> None:
        self._may()
        node = self._node(old)
        assert node is not None
        for path, value in ((new, node), (old, None)):
            folder, _, name = path.rpartition("/")
            self.folders[folder].since.append((name, value))

    def make_folder(self, path: str) -> None:
        self._may()
        self.folders.setdefault(path, Folder())

    def remove_folder(self, path: str) -> None:
        self._may()
        if self.folders.pop(path, None) is not None:
            self.safe_folders.discard(path)

    def sync_folder(self, path: str) -> None:
        self._may()
        folder = self.folders[path]
        folder.safe, folder.since = folder.now(), []
        self.safe_folders |= {each for each in self.folders if each.rpartition("/")[0] == path and each}

    @contextmanager
    def lock(self, *, shared: bool) -> Iterator[None]:
        yield

    def after_power_loss(self, contents: str, names: str, seed: int) -> WeakDisk:
        """Return the disk as it comes up again."""
        chance = random.Random(seed)
        disk = WeakDisk()
        kept = self.safe_folders if names == "gone" else set(self.folders)
        for path in sorted(kept & set(self.folders)):
            folder = self.folders[path]
            steps = {"gone": 0, "there": len(folder.since), "part": chance.randrange(len(folder.since) + 1)}[names]
            found = {name: Node(node.after_power_loss(contents, chance)) for name, node in folder.now(steps).items()}
            disk.folders[path] = Folder(found)
        disk.safe_folders = set(disk.folders)
        return disk


class WeakFile:
    """A file of a weak disk, open for writing; a refused write leaves a part of itself."""

    def __init__(self, disk: WeakDisk, node: Node) -> None:
        self._disk = disk
        self._node = node

    def write(self, offset: int, data: bytes) -> None:
        refused = self._disk._step()
        written = data[: len(data) // 2] if refused else data
        self._node.since.append(lambda old: old[:offset].ljust(offset, b"\0") + written + old[offset + len(written) :])
        if refused:
            raise StorageError("the disk is full", code="full")

    def truncate(self, size: int) -> None:
        self._disk._may()
        self._node.since.append(lambda old: old[:size].ljust(size, b"\0"))

    def sync(self) -> None:
        self._disk._may()
        self._node.safe, self._node.since = self._node.now(), []


@dataclass
class Promises:
    """What the store has acknowledged, and what it was asked for and has not."""

    size: int = 0
    asked: int = 0
    checkpoints: list[bytes | None] = field(default_factory=lambda: [None])
    asked_checkpoint: bytes | None = None
    objects: list[Digest] = field(default_factory=list)
    refusals: int = 0


def numbered(start: int, stop: int) -> list[bytes]:
    return [b'{"n":%d}' % each for each in range(start, stop)]


@cache
def checkpoint(size: int) -> bytes:
    return f"log.example/test\n{size}\n{base64_text(merkle_root(numbered(0, size)))}\n\n— x AAAA\n".encode()


def live(store: FileStore, promises: Promises, steps: list[int | str], *, suspicious: bool = False) -> None:
    """Append so many entries, publish, or put an object; try again what was refused.

    If `suspicious`, power is lost after each, on a copy of the disk, and every promise must be kept.
    """
    for each, step in enumerate(steps):
        if each and suspicious:
            keeps(store._disk.after_power_loss("gone", "gone", seed=0), promises)  # type: ignore[attr-defined]
        while True:
            try:
                _do(store, promises, step)
                break
            except StorageError:
                promises.refusals += 1
                assert promises.refusals < 5
                assert list(store.entries()) == numbered(0, promises.size)


def _do(store: FileStore, promises: Promises, step: int | str) -> None:
    if isinstance(step, int):
        promises.asked = promises.size + step
        assert store.append(numbered(promises.size, promises.asked), expected_size=promises.size) == promises.size
        promises.size = promises.asked
    elif step == "publish":
        promises.asked_checkpoint = checkpoint(promises.size)
        store.publish(promises.asked_checkpoint, promises.size)
        promises.checkpoints.append(promises.asked_checkpoint)
    else:
        promises.objects.append(store.put(step.encode()))


def keeps(disk: WeakDisk, promises: Promises) -> int:
    """Check that what comes up again holds every promise, and return its size."""
    store = FileStore(disk)
    entries = list(store.entries())
    assert len(entries) in (promises.size, promises.asked)
    assert entries == numbered(0, len(entries))
    published = store.checkpoint()
    assert published in (promises.checkpoints[-1], promises.asked_checkpoint)
    if published is not None:
        assert tree_head(published).size <= len(entries)
    assert store.damaged() == []
    for digest in promises.objects:
        assert sha256(store.get(digest)) == digest
    return len(entries)


# Crosses into a second bundle by small appends and into a fourth by one large one; publishes before, between and after.
STEPS: list[int | str] = [3, "object", 252, 2, 1, "publish", "object 2", 2, "publish", 520, 1, "publish"]


def total_steps(steps: list[int | str]) -> int:
    disk = WeakDisk()
    live(FileStore(disk), Promises(), steps)
    return disk.steps


@pytest.mark.parametrize("contents", CONTENTS)
@pytest.mark.parametrize("names", NAMES)
def test_power_loss_at_every_step_breaks_no_promise(contents: str, names: str) -> None:
    for stop in range(total_steps(STEPS)):
        disk, promises = WeakDisk(), Promises()
        disk.stop_at = stop
        with pytest.raises(PowerLost):
            live(FileStore(disk), promises, STEPS)
        again = disk.after_power_loss(contents, names, seed=stop)
        size = keeps(again, promises)
        # Life goes on: what comes up can be appended to and published, and is whole after that.
        after = Promises(size=size, asked=size, objects=promises.objects)
        live(FileStore(again), after, [1, "publish"])
        keeps(again.after_power_loss("gone", "gone", seed=stop), after)


def test_power_lost_again_and_again_breaks_no_promise() -> None:
    chance = random.Random(2)
    disk, promises = WeakDisk(), Promises()
    for each in range(150):
        disk.stop_at = disk.steps + chance.randrange(25)
        choices: list[int | str] = [1, 2, 40, 130, "publish", f"object {each}"]
        with suppress(PowerLost):
            live(FileStore(disk), promises, chance.choices(choices, k=6))
        disk = disk.after_power_loss(chance.choice(CONTENTS), chance.choice(NAMES), seed=each)
        size = keeps(disk, promises)
        published = FileStore(disk).checkpoint()
        promises = Promises(size, size, [published], published, promises.objects)
    assert promises.size > 500


def test_a_medium_that_refuses_once_at_any_step_breaks_no_promise() -> None:
    """Also for the process that lives on: it sees the entries it saw before, and the next try succeeds."""
    for refuse in range(total_steps(STEPS)):
        disk, promises = WeakDisk(), Promises()
        disk.refuse_at = refuse
        live(FileStore(disk), promises, STEPS, suspicious=True)
        assert promises.refusals == 1


def test_power_loss_after_a_writer_was_killed_at_any_step_breaks_no_promise() -> None:
    """What the next process builds upon, it has made durable first."""
    for stop in range(total_steps(STEPS)):
        disk, promises = WeakDisk(), Promises()
        disk.stop_at = stop
        with pytest.raises(PowerLost):
            live(FileStore(disk), promises, STEPS)
        disk.stop_at = -1
        store = FileStore(disk)
        published = store.checkpoint()
        assert store.size() in (promises.size, promises.asked)
        after = Promises(store.size(), store.size(), [published], promises.checkpoints[-1], promises.objects)
        live(store, after, ["object", 1, "object 2", 257, "publish", 1], suspicious=True)


def test_the_simulator_would_notice_a_store_that_does_not_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WeakFile, "sync", lambda _self: None)
    disk, promises = WeakDisk(), Promises()
    live(FileStore(disk), promises, [3])
    with pytest.raises(Exception):  # noqa: B017  any complaint will do
        keeps(disk.after_power_loss("gone", "there", seed=0), promises)

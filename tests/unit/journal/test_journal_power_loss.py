"""Power is lost, or the medium refuses, at every step of the real writer: nothing that was acknowledged is lost."""

from __future__ import annotations

import random
from collections.abc import Iterable
from contextlib import suppress

import pytest

from tests.unit.evidence.test_power_loss import CONTENTS, NAMES, PowerLost, WeakFile
from tests.unit.journal.boxes import Clock, ListedWeakDisk, append, numbers, open_lane
from tetrapylon.kernel.errors import StorageError

STEPS = [1, 3, 4, 6, 2, 5, 1]
"""Entries in each commit; with twelve records to a segment this crosses into a third."""


class Promises:
    def __init__(self) -> None:
        self.acknowledged: list[int] = []
        self.asked: list[int] = []
        self.next = 0


def live(disk: ListedWeakDisk, promises: Promises, steps: list[int], *, close: bool = True) -> int:
    """Open, commit so many entries at a time, try again what was refused, and close; return how often it was refused."""
    refused = 0
    lane = None
    clock = Clock()
    for step in [0, *steps]:
        wanted = list(range(promises.next, promises.next + step))
        promises.next += step
        promises.asked += wanted
        while True:
            try:
                lane = lane or open_lane(disk, clock=clock)
                receipts = append(lane, wanted) if wanted else []
                break
            except StorageError:
                refused += 1
                assert refused < 5
        assert len(receipts) == len(wanted)
        promises.acknowledged += wanted
        clock.now += 1
    if close and lane is not None:
        lane.close()
    return refused


def keeps(disk: ListedWeakDisk, promises: Promises) -> None:
    """What comes up again holds all that was acknowledged, in order, and otherwise only what was asked for."""
    found = numbers(disk)
    assert found == sorted(set(found))
    assert set(promises.acknowledged) <= set(found) <= set(promises.asked)


def total_steps() -> int:
    disk = ListedWeakDisk()
    live(disk, Promises(), STEPS)
    return disk.steps


@pytest.mark.parametrize("contents", CONTENTS)
@pytest.mark.parametrize("names", NAMES)
def test_power_loss_at_any_step_loses_nothing_acknowledged(contents: str, names: str) -> None:
    # Every second step for each way to lose power; which of the two alternates, and the long form takes them all.
    ways = CONTENTS.index(contents) + NAMES.index(names)
    lose_power_at(range(ways % 2, total_steps(), 2), contents, names)


@pytest.mark.soak
@pytest.mark.parametrize("contents", CONTENTS)
@pytest.mark.parametrize("names", NAMES)
def test_power_loss_at_every_step_and_seed_loses_nothing_acknowledged(contents: str, names: str) -> None:
    for seed in range(10):
        lose_power_at(range(total_steps()), contents, names, seed)


def lose_power_at(stops: Iterable[int], contents: str, names: str, seed: int = 0) -> None:
    for stop in stops:
        disk, promises = ListedWeakDisk(), Promises()
        disk.stop_at = stop
        with pytest.raises(PowerLost):
            live(disk, promises, STEPS)
        again = disk.up_again(contents, names, seed=stop + 1_000 * seed)
        keeps(again, promises)
        # Life goes on: what comes up is written to, and is whole after that.
        live(again, promises, [2, 1])
        keeps(again.up_again("gone", "gone", seed=stop), promises)


def test_power_lost_again_and_again_loses_nothing_acknowledged() -> None:
    chance = random.Random(3)
    disk, promises = ListedWeakDisk(), Promises()
    for each in range(40):
        disk.stop_at = disk.steps + chance.randrange(40)
        with suppress(PowerLost):
            live(disk, promises, chance.choices([1, 2, 5, 14], k=5), close=chance.random() < 0.5)
        disk = disk.up_again(chance.choice(CONTENTS), chance.choice(NAMES), seed=each)
        keeps(disk, promises)
        promises.acknowledged = numbers(disk)
    assert len(promises.acknowledged) > 100


def test_a_medium_that_refuses_once_at_any_step_acknowledges_nothing_half() -> None:
    seen = 0
    for refuse in range(total_steps()):
        disk, promises = ListedWeakDisk(), Promises()
        disk.refuse_at = refuse
        seen += live(disk, promises, STEPS)
        assert numbers(disk) == promises.asked, refuse
    # The mark that a run ended well may be refused without anybody being told: nothing depends on it.
    assert seen >= total_steps() - 4


def test_the_simulator_would_notice_a_writer_that_does_not_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WeakFile, "sync", lambda _self: None)
    disk, promises = ListedWeakDisk(), Promises()
    live(disk, promises, [3])
    with pytest.raises(AssertionError):
        keeps(disk.up_again("gone", "there", seed=0), promises)

"""Group commit: many wait, one writes, and nobody is told of a success or a failure that is not theirs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Thread

import pytest

from tetrapylon.evidence.group import GroupCommitter
from tetrapylon.evidence.stores.memory import MemoryStore
from tetrapylon.kernel.errors import RefusedError, StorageError, TetrapylonError


class Slow:
    """A commit that waits to be let through, so that the next group gathers behind it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.groups: list[list[str]] = []
        self.entered = Event()
        self.let_through = Event()
        self.error: BaseException | None = None

    def __call__(self, items: Sequence[str]) -> list[int]:
        self.groups.append(list(items))
        self.entered.set()
        assert self.let_through.wait(10)
        if self.error is not None and len(self.groups) > 1:
            raise self.error
        if "bad" in items:
            raise RefusedError("no", code="bad")
        first = self.store.append([each.encode() for each in items])
        return list(range(first, first + len(items)))


def gather(slow: Slow, committer: GroupCommitter[str, int], brought: list[list[str]]) -> list[Future[list[int]]]:
    """Submit `first`, and while it is being written all that is brought."""
    pool = ThreadPoolExecutor(len(brought) + 1)
    futures = [pool.submit(committer.submit, ["first"])]
    assert slow.entered.wait(10)
    for each in brought:
        before = len(committer._waiting)
        futures.append(pool.submit(committer.submit, each))
        while len(committer._waiting) == before:
            pass
    slow.let_through.set()
    pool.shutdown()
    return futures


def test_those_who_wait_are_written_together() -> None:
    slow = Slow()
    futures = gather(slow, GroupCommitter(slow), [["a", "b"], ["c"], [], ["d"]])
    assert [sorted(each) for each in slow.groups] == [["first"], ["a", "b", "c", "d"]]
    entries = list(slow.store.entries())
    # Threads queue in any order; each caller gets the places of its own entries.
    places = [each.result() for each in futures]
    assert [[entries[place] for place in each] for each in places] == [[b"first"], [b"a", b"b"], [b"c"], [], [b"d"]]


def test_a_group_has_a_limit_but_one_caller_is_never_split() -> None:
    slow = Slow()
    futures = gather(slow, GroupCommitter(slow, most=2), [["a"], ["b"], ["c", "d", "e"], ["f"]])
    assert all(len(each) <= 2 or each == ["c", "d", "e"] for each in slow.groups)
    assert sorted(place for each in futures for place in each.result()) == list(range(7))


def test_one_bad_item_fails_nobody_else() -> None:
    slow = Slow()
    futures = gather(slow, GroupCommitter(slow), [["a"], ["b", "bad"], ["c"]])
    with pytest.raises(RefusedError, match="no"):
        futures[2].result()
    assert [len(futures[each].result()) for each in (0, 1, 3)] == [1, 1, 1]
    assert sorted(slow.store.entries()) == [b"a", b"c", b"first"]


def test_when_the_medium_refuses_everyone_is_told_and_it_is_not_tried_again() -> None:
    slow = Slow()
    slow.error = StorageError("the disk is full", code="full")
    futures = gather(slow, GroupCommitter(slow), [["a"], ["b"]])
    assert futures[0].result() == [0]
    for each in futures[1:]:
        with pytest.raises(StorageError):
            each.result()
    assert [sorted(each) for each in slow.groups] == [["first"], ["a", "b"]]


def test_nobody_waits_for_ever_when_the_writer_is_interrupted() -> None:
    slow = Slow()
    slow.error = KeyboardInterrupt()
    futures = gather(slow, GroupCommitter(slow), [["a"], ["b"]])
    for each in futures[1:]:
        assert isinstance(each.exception(), KeyboardInterrupt)


def test_after_a_failure_the_next_is_served() -> None:
    store = MemoryStore()
    failures = iter([StorageError("full"), None])

    def commit(items: Sequence[bytes]) -> list[int]:
        error = next(failures)
        if error:
            raise error
        return [store.append(items)]

    committer = GroupCommitter(commit)
    with pytest.raises(TetrapylonError):
        committer.submit([b"a"])
    assert committer.submit([b"b"]) == [0]


def test_many_threads_lose_nothing() -> None:
    store = MemoryStore()

    def commit(items: Sequence[bytes]) -> list[int]:
        first = store.append(items)
        return list(range(first, first + len(items)))

    committer, places = GroupCommitter(commit, most=7), dict[bytes, int]()

    def work(who: int) -> None:
        for each in range(100):
            items = [b"%d/%d/%d" % (who, each, part) for part in range(each % 4)]
            places.update(zip(items, committer.submit(items), strict=True))

    threads = [Thread(target=work, args=(who,)) for who in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    entries = list(store.entries())
    assert len(entries) == len(places) == 12 * 150
    assert all(entries[place] == item for item, place in places.items())

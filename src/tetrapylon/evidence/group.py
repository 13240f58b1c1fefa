"""Group commit: many threads wait, one of them writes for all, so one sync serves them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Condition, Lock
from typing import Generic, TypeVar

from tetrapylon.kernel.errors import StorageError, TetrapylonError

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class _Waiter(Generic[Item, Answer]):
    """One caller: what it brought, and what became of it."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.answers: list[Answer] | None = None
        self.error: BaseException | None = None

    @property
    def served(self) -> bool:
        return self.answers is not None or self.error is not None


class GroupCommitter(Generic[Item, Answer]):
    """Passes the items of many threads to one `commit` at a time.

    1. `submit` returns when `commit` has returned for its items: what it returned durably stays durable.
    2. The items of one call stay together and in order.
    3. Where the medium refuses, everyone in the group is told. Where the group is refused for another reason, each
       caller's items are tried alone, so that one bad item fails nobody else.
    4. There is no thread of its own: the first to arrive writes, and those who arrive meanwhile are the next group.

    `commit` MUST be all or nothing and return one answer for each item.

    >>> committer = GroupCommitter(lambda items: ledger.record(items, now()))
    >>> [recorded] = committer.submit([Entry(envelope)])
    """

    def __init__(self, commit: Callable[[Sequence[Item]], Sequence[Answer]], most: int = 4_096) -> None:
        self._commit = commit
        self._most = most
        """The most items in one commit, unless one caller brings more."""
        self._change = Condition(Lock())
        self._waiting: list[_Waiter[Item, Answer]] = []
        self._writing = False

    def submit(self, items: Sequence[Item]) -> list[Answer]:
        """Commit the items together with what others bring, and return their answers.

        Raises:
            TetrapylonError: what `commit` raised for these items.
        """
        mine: _Waiter[Item, Answer] = _Waiter(items)
        with self._change:
            self._waiting.append(mine)
            while self._writing and not mine.served:
                self._change.wait()
            group = [] if mine.served else self._take(mine)
        if group:
            self._lead(group)
        if mine.error is not None:
            raise mine.error
        return mine.answers or []

    def _take(self, mine: _Waiter[Item, Answer]) -> list[_Waiter[Item, Answer]]:
        """Return the next group, which the caller leads; the lock is held."""
        self._writing = True
        self._waiting.remove(mine)
        group, count = [mine], len(mine.items)
        while self._waiting and count + len(self._waiting[0].items) <= self._most:
            count += len(self._waiting[0].items)
            group.append(self._waiting.pop(0))
        return group

    def _lead(self, group: list[_Waiter[Item, Answer]]) -> None:
        try:
            self._serve(group)
        except BaseException as error:
            # Nobody may wait for ever because the one who wrote for all was interrupted.
            _fail([each for each in group if not each.served], error)
            raise
        finally:
            with self._change:
                self._writing = False
                self._change.notify_all()

    def _serve(self, group: list[_Waiter[Item, Answer]]) -> None:
        try:
            answers = list(self._commit([item for each in group for item in each.items]))
        except TetrapylonError as error:
            if len(group) == 1 or isinstance(error, StorageError):
                _fail(group, error)
            else:
                for each in group:
                    self._serve([each])
        else:
            for each in group:
                each.answers, answers = answers[: len(each.items)], answers[len(each.items) :]


def _fail(group: list[_Waiter[Item, Answer]], error: BaseException) -> None:
    for each in group:
        each.error = error

"""Group commit for many waiters on one event loop: what blocks runs in a thread of its own, and one sync serves them all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from tetrapylon.kernel.errors import ConflictError

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class AsyncCommitter(Generic[Item, Answer]):
    """Passes what many tasks bring to one `commit` at a time, in the order in which it came.

    1. `submit` returns when `commit` has returned for the item: what it made durable stays durable.
    2. While a group is being committed, those who arrive form the next one.
    3. Where `commit` raises, everyone in the group is told, and nothing of the group was acknowledged.
    4. A waiter that goes away is committed all the same.

    `commit` MUST be all or nothing and return one answer for each item. It runs in a thread, never twice at once.

    >>> committer = AsyncCommitter(write_all)
    >>> receipt = await committer.submit(entry)
    """

    def __init__(self, commit: Callable[[Sequence[Item]], Sequence[Answer]], *, weigh: Callable[[Item], int], most: int = 4_096) -> None:
        self._commit = commit
        self._most = most
        """Items in one commit at most."""
        self._weigh = weigh
        self._thread = ThreadPoolExecutor(1, "commit")
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._busy = False
        self._closed = False
        self._idle: asyncio.Event | None = None

    async def submit(self, item: Item) -> Answer:
        """Commit the item together with what others bring, and return its answer.

        Raises:
            ConflictError: the committer was closed (`closed`).
            TetrapylonError: what `commit` raised.
        """
        if self._closed:
            raise ConflictError("the journal is closed", code="closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((item, future))
        if not self._busy:
            # Not at once: others who are ready in this turn of the loop come along.
            self._busy = True
            loop.call_soon(self._next, loop)
        return await future

    async def close(self, last: Callable[[], None]) -> None:
        """Take nothing more, wait for what was taken, do the last work, and end the thread; twice does no harm."""
        if self._closed:
            return
        self._closed = True
        if self._busy:
            self._idle = asyncio.Event()
            await self._idle.wait()
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, last)
        finally:
            self._thread.shutdown(wait=False)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        group = self._take()
        if group:
            self._thread.submit(self._run, group, loop)
            return
        self._busy = False
        if self._idle is not None:
            self._idle.set()

    def _take(self) -> list[tuple[Item, asyncio.Future[Answer]]]:
        """Return the next group: so many items and bytes at most, but always one."""
        count, weight = 0, 0
        for item, _ in self._waiting[: self._most]:
            weight += self._weigh(item)
            if count and weight > WEIGHT:
                break
            count += 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group

    def _run(self, group: list[tuple[Item, asyncio.Future[Answer]]], loop: asyncio.AbstractEventLoop) -> None:
        """Commit a group, in the thread."""
        answers: Sequence[Answer] = ()
        error: BaseException | None = None
        try:
            answers = self._commit([item for item, _ in group])
        except BaseException as caught:  # noqa: BLE001 - whatever it is, every waiter must be told
            error = caught
        loop.call_soon_threadsafe(self._tell, group, answers, error, loop)

    def _tell(
        self,
        group: list[tuple[Item, asyncio.Future[Answer]]],
        answers: Sequence[Answer],
        error: BaseException | None,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        for place, (_, future) in enumerate(group):
            if future.done():
                continue
            if error is None:
                future.set_result(answers[place])
            else:
                future.set_exception(error)
        self._next(loop)


WEIGHT = 8 << 20
"""Bytes of one group at most, unless one item has more."""

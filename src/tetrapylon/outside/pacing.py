"""Many jobs against one system, as fast as it bears and no faster.

How many are under way follows its answers (AIMD): one more for each good round, half after being throttled, a tenth less when
answers take twice as long as they did. `Retry-After` holds everybody back; a token bucket keeps a rate that was asked for;
an interrupt starts nothing more, lets what is under way end for a moment, and leaves.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

J = TypeVar("J")
T = TypeVar("T")

GRACE = 2.0
"""Seconds that an interrupt leaves to what is under way."""

_SLOWER = 2.0
_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast at most."""

    most: int = 64
    """Jobs under way."""

    first: int = 4
    rate: float | None = None
    """Jobs in a second; None is as many as are borne."""

    tries: int = 6
    """Times that one throttled job is sent."""

    longest_wait: float = 60.0
    """Seconds that one `Retry-After` may hold back."""

    seconds: float | None = None
    """Seconds for everything; what has not begun by then is not begun."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one try of a job ended, as far as pace is concerned."""

    throttled: bool = False
    retry_after: float | None = None


@dataclass(slots=True)
class Pacer(Generic[J]):
    """Runs jobs. `work` does one and says whether it was throttled; `stop` ends everything early."""

    pace: Pace
    work: Callable[[J, int], Awaitable[Ended]]
    """Is handed the job and whether this is its last try (tries left)."""

    window: float = 0.0
    """How many jobs may be under way."""

    interrupted: bool = False
    stopped: str = ""
    """Why it ended before the last job; empty if it did not."""

    throttles: int = 0
    _resume_at: float = 0.0
    _latency: float = 0.0
    _best: float = 0.0
    _cut_at: float = 0.0
    _climbing: bool = True
    """Until the first cut each answer allows one more, so that the window doubles with each round."""

    _tokens: float = 1.0
    _filled_at: float = field(default_factory=time.monotonic)

    async def run(self, jobs: Iterable[J]) -> None:
        """Do the jobs in their order, several at a time."""
        self.window = float(min(self.pace.first, self.pace.most))
        running: set[asyncio.Task[None]] = set()
        source, began = iter(jobs), time.monotonic()
        with _interrupts(self):
            while not self.stopped:
                if self.pace.seconds is not None and time.monotonic() - began >= self.pace.seconds:
                    self.stopped = "seconds"
                    break
                if not await self._start(source, running):
                    break
            await self._drain(running)

    def stop(self, why: str) -> None:
        """Start nothing more."""
        self.stopped = self.stopped or why

    async def _start(self, source: Iterator[J], running: set[asyncio.Task[None]]) -> bool:
        """Start jobs up to the window, then wait for one to end; return False when there are no more."""
        while len(running) < int(self.window):
            job = next(source, None)
            if job is None:
                return False
            await self._turn()
            if self.stopped:
                return False
            task = asyncio.ensure_future(self._job(job))
            running.add(task)
            task.add_done_callback(running.discard)
        if running:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED, timeout=0.5)
        return True

    async def _job(self, job: J) -> None:
        for left in range(self.pace.tries - 1, -1, -1):
            began = time.monotonic()
            ended = await self.work(job, left)
            if not ended.throttled:
                self._faster(time.monotonic() - began)
                return
            self._slower(ended.retry_after)
            if left == 0 or self.stopped:
                return
            await self._hold()

    def _faster(self, seconds: float) -> None:
        self._latency = seconds if not self._latency else (1 - _WEIGHT) * self._latency + _WEIGHT * seconds
        self._best = min(self._best or self._latency, self._latency)
        now = time.monotonic()
        # Below a few milliseconds it is our own queue that is measured, not the other side's.
        if self._latency > max(_SLOWER * self._best, 0.02) and now - self._cut_at > self._latency:
            # Never below where it began: a slow answer alone is no reason to send one after the other.
            self.window, self._cut_at = max(min(self.window, float(self.pace.first)), self.window * 0.9), now
            self._climbing = False
            # What is slow for good becomes the new measure.
            self._best *= 1.1
        else:
            self.window = min(float(self.pace.most), self.window + (1 if self._climbing else 1 / self.window))

    def _slower(self, retry_after: float | None) -> None:
        now = time.monotonic()
        self.throttles += 1
        if now - self._cut_at > max(self._latency, 0.05):
            self.window, self._cut_at = max(1.0, self.window / 2), now
            self._climbing = False
        wait = min(retry_after if retry_after is not None else 0.2 * 2 ** min(self.throttles, 5), self.pace.longest_wait)
        self._resume_at = max(self._resume_at, now + wait)

    async def _hold(self) -> None:
        # An event would have to know that it may be put off again, by another answer; this looks again, five times in a second.
        while not self.stopped and (wait := self._resume_at - time.monotonic()) > 0:  # noqa: ASYNC110 - see above
            await asyncio.sleep(min(wait, 0.2))

    async def _turn(self) -> None:
        """Wait until the rate and the other side allow another one."""
        await self._hold()
        while self.pace.rate and not self.stopped:
            now = time.monotonic()
            self._tokens = min(max(1.0, self.pace.rate / 10), self._tokens + (now - self._filled_at) * self.pace.rate)
            self._filled_at = now
            if self._tokens >= 1:
                self._tokens -= 1
                return
            await asyncio.sleep(min(0.2, (1 - self._tokens) / self.pace.rate))

    async def _drain(self, running: set[asyncio.Task[None]]) -> None:
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=GRACE if self.interrupted else None)
        for each in late:
            each.cancel()
        if late:
            await asyncio.wait(late)


@dataclass(slots=True)
class _Interrupts:
    pacer: Pacer[Any]
    _held: bool = False

    def __enter__(self) -> None:
        # Only the main thread may; elsewhere somebody else holds the interrupt.
        with suppress(ValueError, RuntimeError, NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._interrupt)
            self._held = True

    def _interrupt(self) -> None:
        self.pacer.interrupted = True
        self.pacer.stop("interrupted")

    def __exit__(self, *_: object) -> None:
        if self._held:
            asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)


def _interrupts(pacer: Pacer[Any]) -> _Interrupts:
    return _Interrupts(pacer)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end what must be awaited."""
    return asyncio.run(work)


def tick() -> float:
    """Return seconds on a clock that only runs forward."""
    return time.monotonic()

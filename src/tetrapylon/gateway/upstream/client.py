"""Ask a model for an answer, with deadlines, a retry budget and a circuit breaker for each place that serves it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.upstream.breaker import Breaker, RetryBudget
from tetrapylon.gateway.upstream.connection import Connection, OutageError
from tetrapylon.gateway.upstream.pool import Pool
from tetrapylon.gateway.upstream.target import Target
from tetrapylon.gateway.upstream.targets import Targets

_OVERLOADED, _FAULT = 429, 500

JSON, EVENTS = "application/json", "text/event-stream"


@dataclass(slots=True)
class Answering:
    """An upstream that has begun to answer; MUST be ended by `Client.end`."""

    target: Target
    connection: Connection
    status: int
    ended: bool = False


class Client:
    """Speaks to every upstream."""

    def __init__(self, targets: Targets, limits: Limits) -> None:
        self.targets = targets
        self._limits = limits
        self._pool = Pool(limits)
        self._breakers: dict[str, Breaker] = {}
        self._budget = RetryBudget()
        self.switched = 0
        """How often another place than the first answered."""

    async def ask(self, model: str, path: str, body: Callable[[Target], bytes], accept: str = JSON) -> Answering:
        """Send a request to the first place that takes it, and return it once the head of its answer is there.

        Raises:
            OutageError: none answers; what was tried last is the cause.
        """
        tried = 0
        last = OutageError(f"the model `{model}` is served nowhere at present", code="nowhere")
        for number, target in enumerate(self.targets.order(model)):
            breaker = self._breakers.setdefault(target.model, Breaker(self._limits.outages, self._limits.outage_seconds))
            now = asyncio.get_running_loop().time()
            # Going past a place that is known to be out is no second try.
            if not breaker.lets(now) or (tried and not self._budget.take()):
                continue
            tried += 1
            try:
                found = await self._ask(target, path, body(target), accept)
            except OutageError as error:
                breaker.failed(asyncio.get_running_loop().time())
                last = error
                continue
            breaker.worked()
            self.switched += bool(number)
            return found
        raise last

    async def _ask(self, target: Target, path: str, body: bytes, accept: str) -> Answering:
        head = target.head(path, len(body), accept)
        connection = await self._pool.take(target)
        self._budget.sent()
        try:
            return await self._send(target, connection, head, body)
        except OutageError:
            # A kept connection can have been closed just before we wrote: nothing was worked on then.
            if connection.used == 1 or connection.anything or not self._budget.take():
                raise
        return await self._send(target, await self._pool.take(target, fresh=True), head, body)

    async def _send(self, target: Target, connection: Connection, head: bytes, body: bytes) -> Answering:
        try:
            connection.send(head, body)
            connection.expect(self._limits.first_byte_seconds)
            status = await connection.headed()
        except BaseException:
            connection.close()
            raise
        if status >= _FAULT or status == _OVERLOADED:
            connection.close()
            raise OutageError(f"the upstream of `{target.model}` answers with status {status}", code=f"status-{status}")
        return Answering(target, connection, status)

    async def whole(self, answering: Answering) -> bytes:
        """Return the whole body of an answer, and end it.

        Raises:
            OutageError: it did not come, or is not what it must be.
        """
        try:
            answering.connection.expect(self._limits.answer_seconds)
            return await answering.connection.whole()
        finally:
            self.end(answering)

    async def part(self, answering: Answering) -> bytes:
        """Return the next part of a stream; nothing at its end.

        Raises:
            OutageError: it did not come, or is not what it must be.
        """
        answering.connection.expect(self._limits.idle_seconds)
        return await answering.connection.part()

    def end(self, answering: Answering) -> None:
        """Keep the connection if the answer ended cleanly, and close it otherwise; only the first call counts."""
        if answering.ended:
            return
        answering.ended = True
        self._pool.give_back(answering.target, answering.connection)

    def close(self) -> None:
        """Close what is idle."""
        self._pool.close()

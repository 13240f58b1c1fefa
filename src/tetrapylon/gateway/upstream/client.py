"""Ask a model for an answer, with deadlines, a retry budget and a circuit breaker for each place that serves it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tetrapylon.develop.supply.failover.circuit import Circuit, RetryBudget, Rule
from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.upstream.connection import Connection, OutageError
from tetrapylon.gateway.upstream.pool import Pool
from tetrapylon.gateway.upstream.target import Target
from tetrapylon.gateway.upstream.targets import Targets

_OVERLOADED, _FAULT = 429, 500

JSON, EVENTS = "application/json", "text/event-stream"


@dataclass(frozen=True, slots=True)
class Turn:
    """That another place answers for a model than before."""

    model: str
    before: str
    now: str
    why: str


@dataclass(slots=True)
class Answering:
    """An upstream that has begun to answer; MUST be ended by `Client.end`."""

    target: Target
    connection: Connection
    status: int
    turn: Turn | None = None
    """Set for the one request that met a switch."""

    ended: bool = False


class Client:
    """Speaks to every upstream."""

    def __init__(self, targets: Targets, limits: Limits) -> None:
        self.targets = targets
        self._limits = limits
        self._pool = Pool(limits)
        self._rule = Rule(limits.outages, limits.outage_window, limits.outage_seconds)
        self._circuits: dict[str, Circuit] = {}
        self._serving: dict[str, str] = {}
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
        for target in self.targets.order(model):
            # Going past a place that is known to be out is no second try.
            if not self._circuit(target).lets(_now()) or (tried and not self._again(model, target)):
                continue
            tried += 1
            try:
                found = await self._ask(target, path, body(target), accept)
            except OutageError as error:
                self.failed(target)
                last = error
                continue
            found.turn = self._turned(model, target, last.code if tried > 1 else "")
            return found
        raise last

    def _again(self, model: str, target: Target) -> bool:
        """Return whether another place may be tried: there is budget, and nobody has closed it meanwhile."""
        return target in self.targets.order(model) and self._budget.take()

    def _circuit(self, target: Target) -> Circuit:
        return self._circuits.setdefault(target.model, Circuit(self._rule))

    def failed(self, target: Target) -> None:
        """Count an outage of a place: also one that was met after the head of an answer had come."""
        self._circuit(target).failed(_now())

    def worked(self, target: Target) -> None:
        """Count an answer that was one to its end."""
        self._circuit(target).worked(_now())

    def _turned(self, model: str, target: Target, outage: str) -> Turn | None:
        """Take note of who answers, and return what changed."""
        self.switched += target.model != model
        before = self._serving.get(model, model)
        if before == target.model:
            return None
        self._serving[model] = target.model
        why = "it answers again" if target.model == model else self.targets.why(model) or f"outage{f' ({outage})' if outage else ''}"
        return Turn(model, before, target.model, why)

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


def _now() -> float:
    return asyncio.get_running_loop().time()

"""Pass a streamed answer on, guarded.

The end is what counts: the journal holds the answer on its disk before the last held-back part leaves, and a stream
that ends for any other reason says so in an event that clients turn into an error.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tetrapylon.gateway.chat.answer import Call, Part, Said, Usage, finish, new_id, read_chunks
from tetrapylon.gateway.chat.events import Events
from tetrapylon.gateway.chat.outgoing import Checked, check, stopped
from tetrapylon.gateway.exchange import CHARACTERS, Exchange, receipt
from tetrapylon.gateway.outlet import Outlet
from tetrapylon.gateway.ports import Look, Stream
from tetrapylon.gateway.refusal import SERVER, error_body
from tetrapylon.gateway.upstream.client import Answering
from tetrapylon.gateway.upstream.connection import OutageError
from tetrapylon.kernel.errors import StorageError

DONE = b"[DONE]"

_encode = msgspec.json.encode


class StoppedError(Exception):
    """A guard stopped the stream."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look


@dataclass(slots=True)
class Lane:
    """One of the answers that are streamed side by side."""

    guard: Stream
    fresh: list[str] = field(default_factory=list)
    """Texts that came since the guard looked."""

    came: list[str] = field(default_factory=list)
    """All texts, for a person who decides on the whole."""

    sent: list[str] = field(default_factory=list)
    refusal: str = ""
    calls: dict[int, Call] = field(default_factory=dict)
    reason: str | None = None


class Relay:
    """One stream on its way through."""

    def __init__(self, exchange: Exchange, answering: Answering, *, usage: bool) -> None:
        self.exchange = exchange
        self._answering = answering
        self._wants_usage = usage
        self._usage: Usage | None = None
        self._lanes: dict[int, Lane] = {}
        self._done = False
        self._checked: dict[int, Checked] = {}
        head = _encode({"id": new_id(), "object": "chat.completion.chunk", "created": int(time.time()), "model": exchange.model})
        self._head = b"data: " + head[:-1] + b',"choices":['

    def headers(self, request_receipt: str) -> list[tuple[str, str]]:
        """Return the headers that the stream begins with."""
        return [
            SERVER,
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store"),
            *self.exchange.receipts(request_receipt),
        ]

    async def run(self, outlet: Outlet) -> None:
        """Pass everything on, to whatever end."""
        client = self.exchange.wired.client
        try:
            async with asyncio.timeout(self.exchange.wired.limits.stream_seconds):
                await self._pass_on(outlet)
            client.worked(self._answering.target)
            await self._end(outlet)
        except StoppedError as stop:
            client.worked(self._answering.target)
            client.end(self._answering)
            await self._stop(outlet, stop.look, [])
        except (OutageError, TimeoutError) as error:
            # What has begun is never gone on with by another model: the caller is told that it broke off, and asks again.
            client.failed(self._answering.target)
            code = error.code if isinstance(error, OutageError) else "slow"
            self.exchange.status = 502
            await self.broken_off(f"upstream-{code}")
            await outlet.send_bytes(_error(502, f"upstream_{code}", "the model's answer broke off"))
        finally:
            client.end(self._answering)

    async def _pass_on(self, outlet: Outlet) -> None:
        exchange = self.exchange
        events = Events(exchange.wired.limits)
        while not self._done:
            data = await exchange.wired.client.part(self._answering)
            if not data:
                break
            out: list[bytes] = []
            try:
                self._take(events.feed(data), out)
                self._let_go(out)
            finally:
                # What was cleared before something was stopped is on its way: the record says that it left.
                if out:
                    await outlet.send_bytes(b"".join(out))
        if not self._lanes or not (self._done or all(each.reason for each in self._lanes.values())):
            raise OutageError("the upstream's stream broke off", code="cut")

    def _take(self, events: list[bytes], out: list[bytes]) -> None:
        """Take events in, each part to its lane."""
        if DONE in events:
            self._done = True
            events = events[: events.index(DONE)]
        lanes = self._lanes
        for chunk in read_chunks(events):
            self._usage = chunk.usage or self._usage
            for part in chunk.choices:
                if part.index not in lanes:
                    out.append(self._open(part.index))
                lane, delta = lanes[part.index], part.delta
                if delta.content:
                    lane.fresh.append(delta.content)
                if delta.refusal or delta.tool_calls or part.finish_reason:
                    _add(lane, part)

    def _let_go(self, out: list[bytes]) -> None:
        """Put what may leave now to what goes out."""
        for index, lane in self._lanes.items():
            if not lane.fresh:
                continue
            piece = "".join(lane.fresh)
            lane.fresh.clear()
            lane.came.append(piece)
            text = lane.guard.feed(piece)
            if text:
                lane.sent.append(text)
                out.append(self._event(index, b'{"content":' + _encode(text) + b"}"))
            if lane.guard.stopped is not None:
                raise StoppedError(lane.guard.stopped)

    def _open(self, index: int) -> bytes:
        """Begin a lane."""
        if not 0 <= index < self.exchange.wired.limits.choices:
            raise OutageError("the upstream streams more answers than are allowed", code="too-many")
        if not self._lanes:
            self.exchange.wired.counters.first_byte(self.exchange.route, self.exchange.model, time.perf_counter() - self.exchange.began)
        self._lanes[index] = Lane(self.exchange.wired.guards.stream())
        return self._event(index, b'{"role":"assistant","content":""}')

    def _event(self, index: int, delta: bytes, reason: str | None = None, extra: bytes = b"") -> bytes:
        said = b"null" if reason is None else _encode(reason)
        return b'%s{"index":%d,"delta":%s,"finish_reason":%s}]%s}\n\n' % (self._head, index, delta, said, extra)

    async def _end(self, outlet: Outlet) -> None:
        """Look at what was held back, have the journal keep the whole, and let the rest go."""
        out: list[bytes] = []
        for index, lane in self._lanes.items():
            tail = lane.guard.finish()
            if lane.guard.stopped is not None:
                lane.sent += [tail] if tail else []
                out += [self._event(index, b'{"content":' + _encode(tail) + b"}")] if tail else []
                await self._stop(outlet, lane.guard.stopped, out)
                return
            self.exchange.judge(lane.guard.looks)
            # What came besides text is looked at whole.
            said = Said(None, lane.refusal or None, list(lane.calls.values()) or None)
            checked = await check(self.exchange, said, finish(lane.reason))
            out += self._last(index, lane, tail, checked)
        await self._close(outlet, out)

    def _last(self, index: int, lane: Lane, tail: str, checked: Checked) -> Iterator[bytes]:
        """Yield the last events of a lane."""
        text = tail + (f"\n{checked.content}" if checked.content and (tail or lane.sent) else checked.content or "")
        if text:
            lane.sent.append(text)
            yield self._event(index, _encode({"content": text}))
        if checked.refusal:
            yield self._event(index, _encode({"refusal": checked.refusal}))
        if checked.calls:
            calls = [{"index": number, **each} for number, each in enumerate(checked.calls)]
            yield self._event(index, _encode({"tool_calls": calls}))
        extra = b',"tetrapylon":' + _encode({"held": checked.held}) if checked.held else b""
        yield self._event(index, b"{}", checked.finish, extra)
        self._checked[index] = checked

    async def _stop(self, outlet: Outlet, look: Look, out: list[bytes]) -> None:
        """End the stream because of what a guard found; whatever is waiting stays.

        Raises:
            GuardError: it found nothing, but failed.
        """
        for lane in self._lanes.values():
            self.exchange.judge(lane.guard.looks)
        for index, lane in self._lanes.items():
            if index not in self._checked:
                output = {"content": "".join(lane.came), "refusal": lane.refusal or None}
                out += self._last(index, lane, "", await stopped(self.exchange, (look,), output))
        await self._close(outlet, out, ended="stopped")

    async def _close(self, outlet: Outlet, out: list[bytes], ended: str = "whole") -> None:
        if self._wants_usage:
            usage = b',"usage":' + _encode(self._usage or Usage())
            out.append(self._head + b"]" + usage + b"}\n\n")
        sealed = await self.exchange.record("stream", self._body(), ended=ended)
        out.append(f": tetrapylon-receipt {receipt(sealed)}\n\n".encode())
        out.append(b"data: [DONE]\n\n")
        await outlet.send_bytes(b"".join(out))

    async def broken_off(self, why: str) -> None:
        """Have the journal keep what left of a stream that did not end."""
        await self.exchange.record("stream", self._body(), ended=why)

    def _body(self) -> bytes:
        """Return what left, and count it."""
        said: list[dict[str, Any]] = []
        for index, lane in self._lanes.items():
            checked = self._checked.get(index)
            said.append(
                {
                    "index": index,
                    "content": "".join(lane.sent),
                    **({"refusal": checked.refusal, "tool_calls": checked.calls} if checked else {}),
                }
            )
        length = sum(len(each["content"]) for each in said)
        self.exchange.tokens_out = self._usage.completion_tokens if self._usage else length // CHARACTERS
        if self._usage and self._usage.prompt_tokens:
            self.exchange.tokens_in = self._usage.prompt_tokens
        return _encode({"choices": said})


def fault_event(error: Exception) -> bytes:
    """Return the event that ends a stream after a fault of ours."""
    code = "journal_unavailable" if isinstance(error, StorageError) else "unavailable"
    return _error(503, code, "the gateway could not check or record this, so the answer ends here")


def _error(status: int, code: str, message: str) -> bytes:
    return b"data: " + error_body(status, code, message) + b"\n\n"


def _add(lane: Lane, part: Part) -> None:
    """Add what a part has besides its text to its lane."""
    delta = part.delta
    if delta.refusal:
        lane.refusal += delta.refusal
    for call in delta.tool_calls or ():
        found = lane.calls.setdefault(call.index, Call(call.function, call.id, call.index))
        if found.function is not call.function:
            found.function.name = (found.function.name or "") + (call.function.name or "")
            found.function.arguments = (found.function.arguments or "") + (call.function.arguments or "")
            found.id = found.id or call.id
    lane.reason = part.finish_reason or lane.reason

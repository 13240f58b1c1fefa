"""One connection to an upstream: HTTP/1.1 on httptools, each answer bounded in every direction.

What the upstream says is not trusted: an answer whose head is too large, that names two lengths, ends early, goes on
after its end or is no HTTP is an `OutageError`, and the connection is not used again.
"""

from __future__ import annotations

import asyncio
from typing import cast

import httptools

from tetrapylon.gateway.limits import Limits
from tetrapylon.kernel.errors import UndecidedError

_CONTINUE, _OK = 100, 200


class OutageError(UndecidedError):
    """The upstream cannot be reached, or does not answer as it must."""


class Connection(asyncio.Protocol):
    """Carries one request and its answer at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.used = 0
        """Requests carried so far."""

        self.idle_since = 0.0
        self._reset()

    def _reset(self) -> None:
        self._parser: httptools.HttpResponseParser | None = None
        self._wake: asyncio.Future[None] | None = None
        self._parts: list[bytes] = []
        self._waiting = 0
        self._size = 0
        self._head = 0
        self._headers: dict[bytes, bytes] = {}
        self._count = 0
        self._headed = self._complete = self._paused = self._stays = False
        self._error: OutageError | None = None
        self.status = 0
        self.anything = False
        """Whether a single byte of the answer has come."""

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        if self._parser is None or self._complete:
            # Nobody asked for this: whatever it is, it must not become part of the next answer.
            self.close()
            return
        self.anything = True
        if not self._headed:
            self._head += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            cause = error.__context__
            self._fail(cause if isinstance(cause, OutageError) else OutageError("the upstream's answer is not HTTP", code="not-http"))
        if not self._headed and self._head > self._limits.answer_head_bytes:
            self._fail(OutageError("the head of the upstream's answer is too large", code="head"))
        self._wake_up()

    def eof_received(self) -> bool:
        """Let the transport close."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """End an answer whose end is the end of the connection; any other was cut off."""
        self._transport = None
        if self._parser is not None and not self._complete and self._error is None:
            if self._headed and exc is None and not self._delimited():
                self._complete = True
            else:
                self._error = OutageError("the upstream closed the connection before its answer ended", code="cut")
        self._wake_up()

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Refuse a second message where one was asked for."""
        if self._complete:
            raise OutageError("the upstream went on after its answer ended", code="surplus")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, within bounds."""
        self._count += 1
        if self._count > self._limits.answer_headers:
            raise OutageError("the head of the upstream's answer is too large", code="head")
        key = name.lower()
        if key in {b"content-length", b"transfer-encoding"} and key in self._headers:
            raise OutageError("the upstream says twice how long its answer is", code="length")
        self._headers[key] = value

    def on_headers_complete(self) -> None:
        """Take the status, passing over interim answers."""
        assert self._parser is not None
        status = self._parser.get_status_code()
        if status < _OK:
            if status != _CONTINUE:
                raise OutageError("the upstream wants to change the protocol", code="upgrade")
            return
        if b"content-length" in self._headers and b"transfer-encoding" in self._headers:
            raise OutageError("the upstream says in two ways how long its answer is", code="length")
        # Asked here: once the message is complete the parser has forgotten its length, and says no.
        self.status, self._headed, self._stays = status, True, self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, within bounds."""
        self._size += len(body)
        if self._size > self._limits.answer_bytes:
            raise OutageError("the upstream's answer is too large", code="too-large")
        self._parts.append(body)
        self._waiting += len(body)
        if self._waiting > self._limits.buffered_bytes and self._transport is not None and not self._paused:
            self._transport.pause_reading()
            self._paused = True

    def on_message_complete(self) -> None:
        """Take note of the end, unless it was that of an interim answer."""
        if self._headed:
            self._complete = True
        else:
            self._headers, self._count = {}, 0

    # What we call.

    @property
    def open(self) -> bool:
        """Whether a request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def reusable(self) -> bool:
        """Whether the answer has ended cleanly and the connection can carry another."""
        return self.open and self._complete and self._stays and self._error is None

    def rest(self, now: float) -> None:
        """Keep the connection while nothing is asked."""
        self.expect(None)
        self._reset()
        self.idle_since = now

    def send(self, head: bytes, body: bytes) -> None:
        """Send a request.

        Raises:
            OutageError: the connection has gone.
        """
        self._reset()
        if self._transport is None or self._transport.is_closing():
            raise OutageError("the upstream closed the connection", code="cut")
        self._parser = httptools.HttpResponseParser(self)
        self.used += 1
        self._transport.write(head + body)

    def expect(self, seconds: float | None) -> None:
        """Fail what is waited for if it does not come within so many seconds; None expects nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self._loop.call_later(seconds, self._late)

    def _late(self) -> None:
        self._fail(OutageError("the upstream does not answer in time", code="slow"))
        self._wake_up()

    async def headed(self) -> int:
        """Return the status once the head of the answer is there.

        Raises:
            OutageError: it will never be.
        """
        while not self._headed and self._error is None and not self._complete:
            await self._more()
        if self._error is not None:
            raise self._error
        return self.status

    def content_type(self) -> bytes:
        """Return the type of the answer's body, without parameters."""
        return self._headers.get(b"content-type", b"").partition(b";")[0].strip().lower()

    async def part(self) -> bytes:
        """Return what has come of the body since; nothing at its end.

        Raises:
            OutageError: the answer ended before its end, or is not what it must be.
        """
        while not self._parts and not self._complete and self._error is None:
            await self._more()
        if self._error is not None:
            raise self._error
        data = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts, self._waiting = [], 0
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return data

    async def whole(self) -> bytes:
        """Return the whole body.

        Raises:
            OutageError: as `part`.
        """
        found = []
        while data := await self.part():
            found.append(data)
        return b"".join(found)

    def close(self) -> None:
        """Close the connection at once."""
        self.expect(None)
        if self._transport is not None:
            self._transport.abort()

    def _delimited(self) -> bool:
        return b"content-length" in self._headers or b"transfer-encoding" in self._headers

    def _fail(self, error: OutageError) -> None:
        if self._error is None:
            self._error = error
        self.close()

    async def _more(self) -> None:
        self._wake = self._loop.create_future()
        try:
            await self._wake
        finally:
            self._wake = None

    def _wake_up(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

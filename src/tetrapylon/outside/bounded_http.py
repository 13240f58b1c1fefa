"""A small HTTP/1.1 client for targets under test: connections are kept, everything is bounded, nothing is believed.

Redirects are not followed and proxies are not used: what is attacked is what was named. Lengths that lie, headers without
end and bodies that never stop end as errors of their own class.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from tetrapylon.kernel.errors import UsageError

MOST_HEADER = 64 << 10
"""Bytes of status line and headers."""

MOST_BODY = 8 << 20
"""Bytes of one answer."""

SECURE = 443
PLAIN = 80


class HttpError(Exception):
    """The other side did not answer as HTTP asks; `kind` is the class of failure."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class _Line:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used: bool = False


class Client:
    """Connections to one origin."""

    def __init__(self, url: str, seconds: float = 60.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(f"`{url[:80]}` is not an HTTP address", hint="it looks like `http://127.0.0.1:8000/v1`", code="bad-url")
        self.secure = parts.scheme == "https"
        self.host = parts.hostname
        self.port = parts.port or (SECURE if self.secure else PLAIN)
        self.base = parts.path.rstrip("/")
        self.seconds = seconds
        self._host_header = parts.netloc.rpartition("@")[2]
        self._idle: list[_Line] = []

    async def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Send one request and return the answer.

        Raises:
            HttpError: there is none (`transport`, `timeout`, `too-large`).
        """
        head = [f"{method} {path} HTTP/1.1", f"host: {self._host_header}", f"content-length: {len(body)}", "accept-encoding: identity"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        data = "\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n" + body
        try:
            async with asyncio.timeout(self.seconds):
                return await self._exchange(data)
        except TimeoutError as error:
            raise HttpError("timeout", f"no answer within {self.seconds:g} seconds") from error
        except (OSError, EOFError, ssl.SSLError, asyncio.LimitOverrunError, ValueError) as error:
            raise HttpError("transport", type(error).__name__) from error

    async def _exchange(self, data: bytes) -> Response:
        while True:
            async with self._line() as line:
                again = line.used
                try:
                    line.writer.write(data)
                    await line.writer.drain()
                    head = await line.reader.readuntil(b"\r\n\r\n")
                except (ConnectionError, asyncio.IncompleteReadError) as error:
                    # A connection that was kept may have been closed in between; a new one that fails is a failure.
                    if again and not getattr(error, "partial", b""):
                        line.used = False  # it is dead, and not kept again
                        continue
                    raise
                return await self._answer(line, head)

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[_Line]:
        line = self._idle.pop() if self._idle else await self._connect()
        good = False
        try:
            yield line
            good = line.used
        finally:
            if good:
                self._idle.append(line)
            else:
                line.writer.close()

    async def _connect(self) -> _Line:
        context = ssl.create_default_context() if self.secure else None
        reader, writer = await asyncio.open_connection(self.host, self.port, ssl=context, limit=MOST_HEADER)
        return _Line(reader, writer)

    async def _answer(self, line: _Line, head: bytes) -> Response:
        status, headers = _head(head)
        line.used = False
        body, whole = await self._body(line.reader, headers, status)
        line.used = whole and headers.get("connection", "").lower() != "close"
        return Response(status, headers, body)

    async def _body(self, reader: asyncio.StreamReader, headers: Mapping[str, str], status: int) -> tuple[bytes, bool]:
        """Return the body, and whether the connection stands at its end."""
        if status in {204, 304}:
            return b"", True
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return await _chunks(reader), True
        if "content-length" in headers:
            length = int(headers["content-length"])
            if not 0 <= length <= MOST_BODY:
                raise HttpError("too-large", f"the answer claims {length} bytes")
            return await reader.readexactly(length), True
        return await _until_closed(reader), False

    async def close(self) -> None:
        """Close every connection."""
        for each in self._idle:
            each.writer.close()
        self._idle.clear()


def _head(data: bytes) -> tuple[int, dict[str, str]]:
    first, *rest = data[:-4].decode("latin-1").split("\r\n")
    version, _, status = first.partition(" ")
    if not version.startswith("HTTP/1.") or not status[:3].isdigit():
        raise HttpError("transport", "the answer is not HTTP/1.1")
    headers: dict[str, str] = {}
    for each in rest:
        name, colon, value = each.partition(":")
        if not colon:
            raise HttpError("transport", "a header is not one")
        headers[name.strip().lower()] = value.strip()
    return int(status[:3]), headers


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = bytearray()
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0].strip() or b"-", 16)
        if size < 0 or len(found) + size > MOST_BODY:
            raise HttpError("too-large", f"the answer is longer than {MOST_BODY} bytes")
        if size == 0:
            while await reader.readuntil(b"\r\n") != b"\r\n":
                pass
            return bytes(found)
        found += await reader.readexactly(size)
        await reader.readexactly(2)


async def _until_closed(reader: asyncio.StreamReader) -> bytes:
    found = bytearray()
    while block := await reader.read(65536):
        found += block
        if len(found) > MOST_BODY:
            raise HttpError("too-large", f"the answer is longer than {MOST_BODY} bytes")
    return bytes(found)

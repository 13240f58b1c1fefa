"""A small chat endpoint on the loopback interface, in a thread of its own: what engines are measured and tested against."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Reply = bytes | None
"""A whole HTTP response; None closes the connection without one."""

Answering = Callable[[dict[str, Any]], Reply | Awaitable[Reply]]


def whole(body: bytes, status: int = 200, kind: str = "application/json", *more: str) -> bytes:
    """Return an HTTP response."""
    head = [f"HTTP/1.1 {status} OK", f"content-type: {kind}", f"content-length: {len(body)}", *more]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def message(text: str | None, calls: list[dict[str, Any]] | None = None) -> bytes:
    """Return a chat completion with this text."""
    said: dict[str, Any] = {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}
    choice = {"index": 0, "message": said, "finish_reason": "tool_calls" if calls else "stop"}
    usage = {"prompt_tokens": 9, "completion_tokens": len((text or "").split())}
    return whole(json.dumps({"choices": [choice], "usage": usage}).encode())


class ChatServer:
    """One endpoint; `answer` is called for each request with its JSON."""

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self.requests = 0
        self.url = ""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0, limit=1 << 22))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for each in asyncio.all_tasks(self._loop):
            each.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(each[15:]) for each in head.split(b"\r\n") if each.lower().startswith(b"content-length:"))
                body = await reader.readexactly(length)
                self.requests += 1
                reply = self._answer(json.loads(body))
                reply = await reply if isinstance(reply, Awaitable) else reply
                if reply is None:
                    break
                writer.write(reply)
                if b"connection: close" in reply[:300]:
                    await writer.drain()
                    break
        writer.close()

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()
        self._ready.wait(5)

    def stop(self) -> None:
        """End, with every connection."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


@contextmanager
def serving(answer: Answering) -> Iterator[ChatServer]:
    """Yield a server that answers like this."""
    server = ChatServer(answer)
    server.start()
    try:
        yield server
    finally:
        server.stop()

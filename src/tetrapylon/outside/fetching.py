"""Ask one address one question: bounded in time and bytes, no redirect is followed, no proxy used, nothing believed."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import urlsplit

from tetrapylon.kernel.errors import UndecidedError

SECONDS = 5.0
LONGEST = 64 << 10
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an address answered."""

    status: int
    body: bytes


def ask(url: str, seconds: float = SECONDS, longest: int = LONGEST) -> Said:
    """Return what the address answers to a GET.

    Raises:
        UndecidedError: nobody answers in time, or not in HTTP (`no-answer`), or the answer is too long (`too-large`).
    """
    try:
        parts = urlsplit(url)
        connection = _connection(parts.scheme, parts.netloc.rpartition("@")[2], seconds)
        cut: list[bool] = []
        connection.connect()
        # A socket's timeout is for each read: whoever sends a byte now and then would be read for ever.
        watchdog = Timer(seconds, _hang_up, [connection.sock, cut])
        watchdog.start()
        try:
            connection.request("GET", parts.path or "/", headers={"accept": "text/plain", "connection": "close"})
            with connection.getresponse() as answer:
                body = _body(answer, longest)
            if cut:
                # The end of an answer without a length is the end of the connection, and this one was ours.
                raise TimeoutError
            return Said(answer.status, body)
        finally:
            watchdog.cancel()
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = "not in time" if isinstance(error, TimeoutError) else type(error).__name__
        raise UndecidedError(f"`{url[:200]}` does not answer ({why})", code="no-answer") from error


def _connection(scheme: str, place: str, seconds: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(place, timeout=seconds, context=ssl.create_default_context())
    return http.client.HTTPConnection(place, timeout=seconds)


def _hang_up(line: socket.socket, cut: list[bool]) -> None:
    cut.append(True)
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _body(answer: http.client.HTTPResponse, longest: int) -> bytes:
    data = answer.read(longest + 1)
    if len(data) > longest:
        raise UndecidedError(f"the answer is longer than {longest} bytes", code="too-large")
    return data

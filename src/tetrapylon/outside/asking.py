"""Ask an HTTP server one thing as anybody could: no redirect is followed, no proxy is used, and everything is bounded."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Timer
from urllib.parse import urlsplit

from tetrapylon.kernel.errors import UndecidedError, UsageError

SECONDS = 15.0
MOST_BODY = 4 << 20
"""Bytes of an answer that are read."""

_FAULTS = (OSError, http.client.HTTPException, ValueError, ssl.SSLError)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; the path is sent as it stands here, byte for byte."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in lower case."""


def ask(origin: str, asked: Asked, seconds: float = SECONDS, longest: int = MOST_BODY) -> Answer:
    """Return the answer of the server at an origin such as `http://127.0.0.1:8700`.

    Raises:
        UsageError: it is no such address (`bad-url`).
        UndecidedError: nobody answered in time, or not in HTTP (`no-answer`), or at too great length (`too-large`).
    """
    scheme, host, port = place_of(origin)
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection, lines, cut = kind(host, port, timeout=seconds), list[socket.socket](), [False]
    # A socket's timeout is for each read: whoever sends a byte now and then would be read for ever.
    watchdog = Timer(seconds, _hang_up, [lines, cut])
    watchdog.daemon = True
    try:
        connection.connect()
        # Kept apart: a response that ends with its connection takes the socket over.
        lines.append(connection.sock)
        watchdog.start()
        connection.putrequest(asked.method, asked.path, skip_accept_encoding=True)
        for name, value in asked.headers.items():
            connection.putheader(name, value)
        if asked.body is not None:
            connection.putheader("content-length", str(len(asked.body)))
        connection.endheaders(asked.body)
        with connection.getresponse() as found:
            body = found.read(longest + 1)
        if cut[0]:
            # The end of an answer without a length is the end of the connection, and this one was ours.
            raise TimeoutError
    except _FAULTS as error:
        why = "not in time" if cut[0] or isinstance(error, TimeoutError) else type(error).__name__
        raise UndecidedError(f"`{origin}` gave no answer ({why})", code="no-answer") from error
    finally:
        watchdog.cancel()
        connection.close()
    if len(body) > longest:
        raise UndecidedError(f"the answer of `{origin}` is longer than {longest} bytes", code="too-large")
    return Answer(found.status, body, {name.lower(): value for name, value in found.getheaders()})


def _hang_up(lines: list[socket.socket], cut: list[bool]) -> None:
    cut[0] = True
    for line in lines:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def place_of(origin: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address.

    Raises:
        UsageError: it is not one of HTTP (`bad-url`).
    """
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"`{origin[:80]}` is no HTTP address", hint="it looks like `http://127.0.0.1:8700`", code="bad-url")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine and can be reached from here alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        # A name, such as `127.example.org`, may lead anywhere.
        return False


def own_addresses() -> list[str]:
    """Return the addresses under which others can reach this machine, as far as it knows; nothing is sent."""
    found: set[str] = set()
    for family, other in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                # A datagram socket that is connected sends nothing; the system only chooses the address to send from.
                probe.connect((other, 9))
                found.add(str(probe.getsockname()[0]))
        except OSError:
            continue
    return sorted(each for each in found if not is_loopback(each))


def connects(host: str, port: int, seconds: float = 1.0) -> bool:
    """Return whether something listens there."""
    try:
        with socket.create_connection((host, port), seconds):
            return True
    except OSError:
        return False

"""Take server-sent events apart, however the bytes were cut."""

from __future__ import annotations

from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.upstream.connection import OutageError


class Events:
    """Takes them apart."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the data of every event that is complete now.

        Raises:
            OutageError: an event is too large.
        """
        rest = self._rest + data
        if b"\r" in rest:
            rest = rest.replace(b"\r\n", b"\n")
        *events, self._rest = rest.split(b"\n\n")
        if len(self._rest) > self._limits.event_bytes:
            raise OutageError("an event of the upstream's stream is too large", code="too-large")
        return [data for each in events if (data := _data(each))]


def _data(event: bytes) -> bytes:
    """Return the data of one event; comments and other fields are passed over."""
    if event.startswith(b"data: ") and b"\n" not in event:
        return event[6:]
    lines = [each[5:].removeprefix(b" ") for each in event.split(b"\n") if each.startswith(b"data:")]
    return b"\n".join(lines)

"""Where an answer leaves in parts; the server's own objects are wrapped, so that nothing else here knows the server."""

from __future__ import annotations

from typing import Protocol


class GoneError(Exception):
    """The caller has closed the connection."""


class Outlet(Protocol):
    """Where the parts of a stream leave."""

    async def send_bytes(self, data: bytes) -> None:
        """Send a part.

        Raises:
            GoneError: nobody listens any more.
        """
        ...


class Streamable(Protocol):
    """A request that can be answered in parts."""

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Outlet:
        """Begin a stream."""
        ...

"""Connections to upstreams, kept open between requests."""

from __future__ import annotations

import asyncio
import ssl
from functools import cached_property

from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.upstream.connection import Connection, OutageError
from tetrapylon.gateway.upstream.target import Target


class Pool:
    """The connections to every upstream."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle: dict[tuple[str, int, bool], list[Connection]] = {}

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    async def take(self, target: Target, *, fresh: bool = False) -> Connection:
        """Return a connection that is open, the one that rested last if there is one and no `fresh` one is wanted.

        Raises:
            OutageError: nobody takes one.
        """
        kept = self._idle.get((target.host, target.port, target.tls), [])
        oldest = asyncio.get_running_loop().time() - self._limits.kept_seconds
        while kept and not fresh:
            found = kept.pop()
            if found.open and found.idle_since >= oldest:
                return found
            found.close()
        return await self._connect(target)

    async def _connect(self, target: Target) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                made = await loop.create_connection(
                    lambda: Connection(self._limits), target.host, target.port, ssl=self._tls if target.tls else None
                )
        except (OSError, ssl.SSLError, TimeoutError) as error:
            raise OutageError(f"the upstream of `{target.model}` takes no connection", code="connect") from error
        return made[1]

    def give_back(self, target: Target, connection: Connection) -> None:
        """Keep a connection whose answer ended cleanly, and close any other."""
        kept = self._idle.setdefault((target.host, target.port, target.tls), [])
        if connection.reusable and len(kept) < self._limits.kept_connections:
            connection.rest(asyncio.get_running_loop().time())
            kept.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close what is idle."""
        for kept in self._idle.values():
            for each in kept:
                each.close()
        self._idle.clear()

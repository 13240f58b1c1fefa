"""Put the gateway together from what the manifest says, and serve until told to stop."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tetrapylon.gateway.following import follow
from tetrapylon.gateway.holds import Decisions, Holds, undecided
from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.ports import Authoriser, Guards, Journal, Watch
from tetrapylon.gateway.quota import REQUESTS_PER_MINUTE, TOKENS_PER_MINUTE, Quota, Quotas
from tetrapylon.gateway.readers import Reader, Readers
from tetrapylon.gateway.upstream.client import Client
from tetrapylon.gateway.upstream.target import target_of
from tetrapylon.gateway.upstream.targets import ManifestTargets
from tetrapylon.gateway.wired import Wired
from tetrapylon.kernel.errors import IntegrityError, MissingError, TetrapylonError, UndecidedError, UsageError
from tetrapylon.outside.clock import SystemClock
from tetrapylon.outside.files import hash_file, inside, write_atomic
from tetrapylon.outside.standing import StandingFile

if TYPE_CHECKING:
    from tetrapylon.app.serving import Serving

SECONDS = 5.0
"""Between two writings of what was counted."""

START_SECONDS = 10.0
GARBAGE = (20_000, 20, 50)
"""New objects, and then rounds, until the collector looks: a request leaves few circles behind."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What decides, looks and watches: handed over, so that none of it can be left out."""

    guards: Guards
    authoriser: Authoriser
    watch: Watch
    decisions: Decisions = undecided
    check: tuple[str, ...] = ()
    """The command that holds suppliers against the evidence, run each time that evidence is recorded; none where it is empty."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address for those who call."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def listen_at(text: str) -> Listen:
    """Return where `HOST:PORT` says; port 0 takes a free one.

    Raises:
        UsageError: it is not of this form.
    """
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or int(port) > 65535:  # noqa: PLR2004 - ports have 16 bits
        raise UsageError(f"`{text[:64]}` is not HOST:PORT", hint="for example `127.0.0.1:8700` or `[::1]:8700`", code="bad-address")
    return Listen(host, int(port) or _free_port(host))


def _free_port(host: str) -> int:
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as found:
        return int(found.getsockname()[1])


def wire(serving: Serving, parts: Parts, journal: Journal, tokens: Mapping[str, str], limits: Limits | None = None) -> Wired:
    """Return everything that the gateway is handed.

    Raises:
        TetrapylonError: something that the manifest declares is not as it must be.
    """
    limits = limits or Limits()
    hosted = serving.hosted
    targets = {each.id: _target(each.id, each.endpoint, each.name, tokens.get(each.id)) for each in hosted}

    async def acknowledge(key: str, digest: str) -> None:
        await asyncio.to_thread(serving.keys.acknowledge, key, digest)

    return Wired(
        keys=serving.keys,
        authoriser=parts.authoriser,
        guards=parts.guards,
        journal=journal,
        watch=parts.watch,
        switch=serving.switch,
        client=Client(ManifestTargets(targets, serving.order, serving.switch), limits),
        quotas=Quotas(
            {name: Quota(each.requests or REQUESTS_PER_MINUTE, each.tokens or TOKENS_PER_MINUTE) for name, each in serving.rates.items()}
        ),
        holds=Holds(serving.state("holds"), parts.decisions),
        acknowledge=acknowledge,
        terms=serving.terms.text,
        terms_digest=serving.terms.digest,
        chat_models=frozenset(targets),
        readers=_readers(serving, limits),
        prompts=serving.prompts(),
        tools=serving.tools,
        operators=serving.operators,
        limits=limits,
    )


def _target(model: str, endpoint: str, name: str, token: str | None) -> Any:
    try:
        return target_of(model, endpoint, name, token)
    except ValueError as error:
        raise UsageError(str(error), code="bad-value") from error


def _readers(serving: Serving, limits: Limits) -> Readers:
    """Load every model file; one that cannot be relied on is left out only if its alternate can be.

    Raises:
        MissingError, IntegrityError: a file is not the signed one, and nothing may take over from it.
    """
    from tetrapylon.gateway.infer.reader import OnnxReader

    loaded: dict[str, Reader] = {}
    standing: dict[str, StandingFile] = {}
    missing: dict[str, TetrapylonError] = {}
    for each in serving.files:
        try:
            path = inside(serving.project.root, each.path)
            # Hashed before it is loaded: what is exchanged in between is met at the first look, and loading verifies what it reads.
            standing[each.id] = StandingFile(path, hash_file(path))
            loaded[each.id] = OnnxReader(each.id, serving.load(each), limits, each.outputs, each.size)
            standing[each.id].look()
        except (MissingError, IntegrityError) as error:
            missing[each.id] = error
    for name, why in missing.items():
        if not any(each in loaded for each in serving.order.order(name)):
            raise why
    return Readers(loaded, standing, {name: why.message for name, why in missing.items()}, serving.order)


async def serve(
    serving: Serving, parts: Parts, listen: Listen, tokens: Mapping[str, str], ready: Callable[[str], None], limits: Limits | None = None
) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is told the address once requests are answered.

    Raises:
        TetrapylonError: it could not start.
    """
    journal = serving.open_journal()
    try:
        wired = wire(serving, parts, journal, tokens, limits)
        await _run(serving, wired, listen, ready, parts.check)
    finally:
        await journal.close()


async def _run(serving: Serving, wired: Wired, listen: Listen, ready: Callable[[str], None], check: tuple[str, ...]) -> None:
    server = _server(wired, listen)
    serving_task = asyncio.ensure_future(server.serve())
    beside = [asyncio.ensure_future(_count(serving, wired, listen)), asyncio.ensure_future(follow(serving, check, wired.counters))]
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    try:
        await _answers(listen, serving_task)
        # What was made at start stays: collecting garbage need not look at it again, nor after every few hundred requests.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GARBAGE)
        ready(listen.url)
        await serving_task
    finally:
        for each in beside:
            each.cancel()
            with suppress(asyncio.CancelledError):
                await each
        wired.client.close()
        wired.watch.flush()
        _leave(serving, wired, listen, stopped=True)


def _server(wired: Wired, listen: Listen) -> Any:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # granian hands it on without saying so
    from granian.server.embed import Server

    from tetrapylon.gateway.door import Door

    limits = wired.limits
    return Server(
        Door(wired, ProtocolClosed).__call__,
        address=listen.host,
        port=listen.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        backpressure=limits.concurrent,
        backlog=1024,
        http1_settings=HTTP1Settings(header_read_timeout=limits.head_milliseconds, max_buffer_size=limits.head_bytes),
        log_enabled=False,
    )


async def _answers(listen: Listen, serving_task: asyncio.Future[None]) -> None:
    """Return once the server answers.

    Raises:
        UndecidedError: it ended, or does not answer in time.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + START_SECONDS
    while loop.time() < until and not serving_task.done():
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(listen.host, listen.port)
            writer.write(b"GET /healthz HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n")
            answer = await reader.read(64)
            writer.close()
            if b" 200 " in answer:
                return
        await asyncio.sleep(0.01)
    hint = "look whether another program listens there"
    raise UndecidedError(f"the gateway could not listen at {listen.host}:{listen.port}", hint=hint, code="no-listen")


async def _count(serving: Serving, wired: Wired, listen: Listen) -> None:
    """Leave what was counted for others, again and again."""
    while True:
        await asyncio.to_thread(_leave, serving, wired, listen, stopped=False)
        await asyncio.to_thread(wired.watch.flush)
        # Evidence about suppliers that was recorded meanwhile.
        await asyncio.to_thread(serving.switch.refresh)
        await asyncio.sleep(SECONDS)


def _leave(serving: Serving, wired: Wired, listen: Listen, *, stopped: bool) -> None:
    wired.counters.switched = wired.client.switched
    said = {
        "schema": "tetrapylon/gateway/1",
        "url": listen.url,
        "pid": os.getpid(),
        "running": not stopped,
        "at": SystemClock().now(),
        "terms": wired.terms_digest,
        "policies": wired.authoriser.digest,
        "models": sorted(wired.chat_models),
        "readers": wired.readers.names(),
        **wired.counters.as_json(),
    }
    # Requests go on without this file; whoever reads it sees how old it is.
    with suppress(TetrapylonError):
        write_atomic(serving.state("gateway.json"), json.dumps(said, indent=1).encode() + b"\n")

"""The door: every request goes through this one pipeline, which denies by default.

The order is: transport, key, route, terms, switch, quota, body; then the handler, which authorises, guards, records,
asks and guards again (`exchange.py`). Whatever raises on the way ends the request with nothing let out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Protocol

from tetrapylon.gateway import small
from tetrapylon.gateway.chat.handle import chat
from tetrapylon.gateway.exchange import Exchange
from tetrapylon.gateway.infer.handle import infer
from tetrapylon.gateway.outlet import GoneError, Outlet
from tetrapylon.gateway.ports import Caller
from tetrapylon.gateway.refusal import SERVER, RefusedRequestError, Reply, closed_for_fault
from tetrapylon.gateway.routes import Route, find, methods
from tetrapylon.gateway.wired import Wired
from tetrapylon.kernel.errors import StorageError
from tetrapylon.outside.clock import SystemClock

CLASSES = frozenset({"public", "internal", "confidential", "restricted"})
CLOSE = ("connection", "close")
_ONCE = frozenset(
    {"host", "authorization", "content-length", "content-type", "transfer-encoding", "content-encoding", "tetrapylon-data-class"}
)
_FAULT = 500


class Scope(Protocol):
    """The head of a request, as granian hands it over."""

    proto: str
    method: str
    path: str
    query_string: str

    @property
    def headers(self) -> Any:
        """The headers."""
        ...


class Protocolled(Protocol):
    """The body of a request and the way back, as granian hands them over."""

    def __call__(self) -> Any:
        """Return the whole body, awaited."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body in parts."""
        ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer at once."""
        ...

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Any:
        """Begin a stream."""
        ...


class _Outlet:
    """Granian's stream, whose error for a caller who has gone becomes ours.

    Granian ends the answer when its own object is let go, so nothing but this may hold it: an exception would keep it.
    """

    def __init__(self, inner: Any, gone: type[Exception]) -> None:
        self._inner = inner
        self._gone = gone

    def close(self) -> None:
        self._inner = None

    async def send_bytes(self, data: bytes) -> None:
        if self._inner is None:
            raise GoneError
        try:
            await self._inner.send_bytes(data)
        except self._gone as error:
            raise GoneError from error


class _Answering:
    """The way back, which says whether an answer has begun."""

    def __init__(self, protocol: Protocolled, gone: type[Exception]) -> None:
        self._protocol = protocol
        self._gone = gone
        self._outlet: _Outlet | None = None

    @property
    def begun(self) -> bool:
        return self._outlet is not None

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Outlet:
        self._outlet = _Outlet(self._protocol.response_stream(status, headers), self._gone)
        return self._outlet

    def end(self) -> None:
        if self._outlet is not None:
            self._outlet.close()


class Door:
    """Takes every request."""

    def __init__(self, wired: Wired, gone: type[Exception] = GoneError) -> None:
        self._wired = wired
        self._gone = gone

    async def __call__(self, scope: Scope, protocol: Protocolled) -> None:
        """Take one request to its end; never raises."""
        began = time.perf_counter()
        passage = Passage(self._wired, began)
        answering = _Answering(protocol, self._gone)
        self._wired.counters.in_flight += 1
        try:
            reply = await passage.through(scope, protocol, answering)
        except RefusedRequestError as refusal:
            reply = await passage.refused(refusal)
        except Exception as error:  # noqa: BLE001 - whatever failed, nothing may leave
            reply = passage.fault(error)
        finally:
            self._wired.counters.in_flight -= 1
            answering.end()
        if reply is not None and not answering.begun:
            protocol.response_bytes(reply.status, [SERVER, *reply.headers], reply.body)
        passage.ended(reply.status if reply is not None else None)


_AT_ONCE: dict[str, Callable[[Exchange, str], Reply]] = {
    "models": lambda exchange, _: small.models(exchange),
    "describe": small.describe,
    "model-ready": small.model_ready,
    "terms": lambda exchange, _: small.terms(exchange),
    "metrics": lambda exchange, _: small.metrics(exchange),
}
"""Handlers that wait for nothing."""


class Passage:
    """One request on its way through the door."""

    def __init__(self, wired: Wired, began: float) -> None:
        self._wired = wired
        self._began = began
        self._route: Route | None = None
        self._exchange: Exchange | None = None
        self._body = b""

    async def through(self, scope: Scope, protocol: Protocolled, answering: _Answering) -> Reply | None:
        """Take the request through every check, and hand it to its handler.

        Raises:
            RefusedRequestError: a check refused it.
        """
        headers = _headers(scope)
        found = find(scope.method, scope.path)
        if found is not None and not found[0].key:
            self._route = found[0]
            return small.alive() if found[0].handler == "alive" else small.ready(self._wired)
        caller = self._known(headers)
        if found is None:
            raise _no_route(scope)
        route, name = found
        self._route = route
        exchange = Exchange(self._wired, caller, route.name, self._began, _data_class(headers))
        self._exchange = exchange
        self._admit(route, exchange, scope)
        body = self._body = await _body(route, headers, protocol, self._wired)
        return await self._handle(route, name, exchange, body, answering)

    def _known(self, headers: Mapping[str, str]) -> Caller:
        """Return who asks; without a key that counts, nobody does."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        caller = self._wired.keys.find(token) if scheme.lower() == "bearer" else None
        if caller is None:
            raise RefusedRequestError(
                401, "invalid_api_key", "give a valid key as `Authorization: Bearer KEY`", headers=(("www-authenticate", "Bearer"), CLOSE)
            )
        return caller

    def _admit(self, route: Route, exchange: Exchange, scope: Scope) -> None:
        """Check everything that needs no body."""
        wired, caller = self._wired, exchange.caller
        if route.operator and caller.principal not in wired.operators:
            raise RefusedRequestError(403, "not_authorised", "this is for those who run the system")
        if route.terms and caller.acknowledged != wired.terms_digest:
            said = "the terms and limits must be acknowledged first: read them with `GET /terms`, then `POST /terms/acknowledge`"
            raise RefusedRequestError(403, "terms_not_acknowledged", said)
        exchange.check_open(route.name)
        wired.quotas.request(caller.key_id, caller.principal)
        if scope.query_string:
            raise RefusedRequestError(400, "invalid_request", "there is nothing to ask for in the query of the address")

    async def _handle(self, route: Route, name: str, exchange: Exchange, body: bytes, answering: _Answering) -> Reply | None:
        """Hand the request to the one handler of its route."""
        match route.handler:
            case "chat":
                return await chat(exchange, body, answering)
            case "infer":
                return await infer(exchange, name, body)
            case "acknowledge":
                return await small.acknowledge(exchange, body)
            case "hold":
                return await small.hold(exchange, name)
            case handler:
                return _AT_ONCE[handler](exchange, name)

    async def refused(self, refusal: RefusedRequestError) -> Reply:
        """Have the journal keep a refusal that it is to keep, and return what is answered."""
        openai = self._route is None or self._route.openai
        if refusal.journalled and self._exchange is not None:
            try:
                await self._exchange.record("refusal", self._exchange.redacted(self._body), code=refusal.code, why=refusal.message[:500])
            except Exception as error:  # noqa: BLE001 - refused it stays, but not without a record
                return self.fault(error)
        return refusal.reply(openai=openai)

    def fault(self, error: Exception) -> Reply:
        """Count a fault of ours, and return that nothing is answered."""
        self._wired.counters.faults[type(error).__name__] += 1
        refusal = closed_for_fault("journal_unavailable" if isinstance(error, StorageError) else "unavailable")
        return refusal.reply(openai=self._route is None or self._route.openai)

    def ended(self, status: int | None) -> None:
        """Count the request, and tell whoever watches."""
        exchange, counters = self._exchange, self._wired.counters
        seconds = time.perf_counter() - self._began
        if exchange is None:
            counters.ended("health" if self._route is not None else "none", "", status or 0, seconds)
            return
        status = status or exchange.status
        counters.ended(exchange.route, exchange.model, status, seconds)
        counters.judged(exchange.verdict.value, exchange.rules)
        if status < _FAULT and exchange.tokens_out:
            counters.used(exchange.model, exchange.tokens_in, exchange.tokens_out)
            self._wired.quotas.spent(exchange.caller.key_id, exchange.tokens_out)
        try:
            self._wired.watch.observe(_event(exchange, status, seconds))
        except Exception as error:  # noqa: BLE001 - the answer has left; that nobody watches is counted
            counters.faults[f"watch {type(error).__name__}"] += 1


def _event(exchange: Exchange, status: int, seconds: float) -> dict[str, Any]:
    return {
        "time": _now(),
        "tenant": exchange.caller.tenant,
        "principal": exchange.caller.principal,
        "model": exchange.model,
        "route": exchange.route,
        "status": status,
        "seconds": seconds,
        "tokensIn": exchange.tokens_in,
        "tokensOut": exchange.tokens_out,
        "verdict": exchange.verdict.value,
        "rules": list(exchange.rules),
        "tool": exchange.tool,
    }


_TIMES: list[tuple[int, str]] = [(0, "")]
"""The last second, and how it is written."""


def _now() -> str:
    """Return the time, written once a second."""
    second = int(time.time())
    if _TIMES[0][0] != second:
        _TIMES[0] = (second, SystemClock().now())
    return _TIMES[0][1]


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers; what decides something stands once."""
    items = scope.headers.items()
    found = dict(items)
    if len(found) != len(items):
        seen: set[str] = set()
        for name, _ in items:
            if name in seen and name in _ONCE:
                raise RefusedRequestError(400, "invalid_request", f"the header `{name}` stands twice", headers=(CLOSE,))
            seen.add(name)
    if found.get("transfer-encoding", "chunked").strip().lower() != "chunked" or "content-encoding" in found:
        raise RefusedRequestError(400, "invalid_request", "a body is sent as it is, not compressed or encoded", headers=(CLOSE,))
    return found


def _data_class(headers: Mapping[str, str]) -> str:
    found = headers.get("tetrapylon-data-class", "internal")
    if found not in CLASSES:
        raise RefusedRequestError(400, "invalid_data_class", f"`tetrapylon-data-class` is one of {', '.join(sorted(CLASSES))}")
    return found


def _no_route(scope: Scope) -> RefusedRequestError:
    others = methods(scope.path)
    if others:
        return RefusedRequestError(405, "method_not_allowed", f"use {' or '.join(others)}", headers=(("allow", ", ".join(others)),))
    return RefusedRequestError(404, "not_found", "there is no such route")


async def _body(route: Route, headers: Mapping[str, str], protocol: Protocolled, wired: Wired) -> bytes:
    """Return the body, once it is found to be of the length and the type that the route takes.

    Raises:
        RefusedRequestError: it is not, or does not come in time.
    """
    length = headers.get("content-length", "")
    if not route.body:
        if length not in {"", "0"} or "transfer-encoding" in headers:
            raise RefusedRequestError(400, "invalid_request", "this route takes no body", headers=(CLOSE,))
        return b""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedRequestError(415, "invalid_content_type", "the body is `application/json`", headers=(CLOSE,))
    most = wired.limits.request_bytes
    if length and int(length) > most:
        raise _too_large(most)
    try:
        async with asyncio.timeout(wired.limits.body_seconds):
            if length:
                return bytes(await protocol())
            return await _in_parts(protocol, most)
    except TimeoutError as error:
        raise RefusedRequestError(408, "timeout", "the body did not come in time", headers=(CLOSE,)) from error


async def _in_parts(protocol: Protocolled, most: int) -> bytes:
    parts, size = [], 0
    async for part in protocol:
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
    return b"".join(parts)


def _too_large(most: int) -> RefusedRequestError:
    return RefusedRequestError(413, "request_too_large", f"a request is {most} bytes at most", headers=(CLOSE,))

"""The handlers that answer at once: health, models, terms, holds, metrics."""

from __future__ import annotations

from dataclasses import asdict

import msgspec
from msgspec import Struct

from tetrapylon.gateway.exchange import Exchange, receipt
from tetrapylon.gateway.holds import Decided
from tetrapylon.gateway.infer.handle import reader_of
from tetrapylon.gateway.refusal import RefusedRequestError, Reply
from tetrapylon.gateway.wired import Wired

_OK = 200


class Acknowledgement(Struct, forbid_unknown_fields=True):
    """What the holder of a key says of the terms."""

    digest: str


def alive() -> Reply:
    """Say that we live."""
    return Reply(_OK, b'{"live":true}')


def ready(wired: Wired) -> Reply:
    """Say whether requests are answered."""
    closed = wired.switch.closed("health")
    return Reply(_OK if closed is None else 503, b'{"ready":%s}' % (b"true" if closed is None else b"false"))


def models(exchange: Exchange) -> Reply:
    """List the hosted models that the caller may ask."""
    wired = exchange.wired
    granted = [
        each for each in sorted(wired.chat_models) if wired.authoriser.may(exchange.caller, "chat", each, exchange.data_class)[0] is True
    ]
    data = [{"id": each, "object": "model", "created": 0, "owned_by": "tetrapylon"} for each in granted]
    return _json({"object": "list", "data": data})


def describe(exchange: Exchange, model: str) -> Reply:
    """Show a model file's inputs and outputs."""
    return _json({**reader_of(exchange, model)[1].describe(), "name": model})


def model_ready(exchange: Exchange, model: str) -> Reply:
    """Say that a model file can be asked."""
    reader_of(exchange, model)
    return _json({"name": model, "ready": True})


def terms(exchange: Exchange) -> Reply:
    """Show the terms, and how they are acknowledged."""
    wired = exchange.wired
    said = {"digest": wired.terms_digest, "text": wired.terms, "acknowledged": exchange.caller.acknowledged == wired.terms_digest}
    return _json({"schema": "tetrapylon/terms/1", **said})


async def acknowledge(exchange: Exchange, body: bytes) -> Reply:
    """Take down that the holder of the key acknowledged the terms.

    Raises:
        RefusedRequestError: it is not the digest of these terms.
        StorageError: it could not be kept.
    """
    wired = exchange.wired
    try:
        digest = msgspec.json.decode(body, type=Acknowledgement).digest
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedRequestError(400, "invalid_request", 'the body is `{"digest": "sha256:..."}`') from error
    if digest != wired.terms_digest:
        raise RefusedRequestError(409, "other_terms", "this is not the digest of the terms in force; read them with `GET /terms`")
    sealed = await exchange.record("event", body, event="terms-acknowledged", terms=digest)
    await wired.acknowledge(exchange.caller.key_id, digest)
    return _json({"acknowledged": digest}, ("tetrapylon-receipt", receipt(sealed)))


async def hold(exchange: Exchange, name: str) -> Reply:
    """Show the caller what became of an output that is held for a person.

    Raises:
        RefusedRequestError: it is not theirs, or there is none.
    """
    found = exchange.wired.holds.get(name)
    caller = exchange.caller
    theirs = found is not None and (found["tenant"], found["principal"]) == (caller.tenant, caller.principal)
    if found is None or not theirs:
        raise RefusedRequestError(404, "hold_not_found", f"there is no held output `{name}`")
    exchange.model, exchange.tool = found["model"], found["tool"]
    decided: Decided | None = found["decision"]
    said = {key: found[key] for key in ("id", "kind", "at", "model", "tool", "why", "outputDigest")}
    said["state"] = "held" if decided is None else "released" if decided.action == "release" else "refused"
    if decided is not None:
        said["decision"] = asdict(decided)
    if said["state"] == "released":
        said["output"] = found["output"]
    body = msgspec.json.encode({"schema": "tetrapylon/hold-state/1", **said})
    sealed = await exchange.record("access", body, hold=name, state=said["state"])
    return Reply(_OK, body, (("content-type", "application/json"), ("tetrapylon-receipt", receipt(sealed))))


def metrics(exchange: Exchange) -> Reply:
    """Show what was counted."""
    exchange.wired.counters.switched = exchange.wired.client.switched
    return Reply(_OK, exchange.wired.counters.text().encode(), (("content-type", "text/plain; version=0.0.4; charset=utf-8"),))


def _json(value: object, *headers: tuple[str, str]) -> Reply:
    return Reply(_OK, msgspec.json.encode(value), (("content-type", "application/json"), *headers))

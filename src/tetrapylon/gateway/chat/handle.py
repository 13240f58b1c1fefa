"""Answer a chat request: the steps, in their order."""

from __future__ import annotations

from typing import Any

from tetrapylon.gateway.chat.answer import completion, finish, new_id, read_completion
from tetrapylon.gateway.chat.incoming import estimate, look_over
from tetrapylon.gateway.chat.outgoing import check
from tetrapylon.gateway.chat.relay import Relay, fault_event
from tetrapylon.gateway.chat.request import ChatRequest, Message, encode, read_request, wants_stream, wants_usage
from tetrapylon.gateway.exchange import CHARACTERS, Exchange, receipt
from tetrapylon.gateway.outlet import GoneError, Streamable
from tetrapylon.gateway.ports import Sealed
from tetrapylon.gateway.refusal import JSON, RefusedRequestError, Reply
from tetrapylon.gateway.upstream.client import EVENTS, Answering
from tetrapylon.gateway.upstream.client import JSON as WHOLE
from tetrapylon.gateway.upstream.connection import OutageError
from tetrapylon.gateway.upstream.target import Target

_OK = 200
_CALLERS_FAULT = frozenset({400, 413, 422})
PATH = "/chat/completions"


async def chat(exchange: Exchange, body: bytes, protocol: Streamable) -> Reply | None:
    """Answer a chat request; None once it was answered as a stream.

    Raises:
        RefusedRequestError, StorageError: nothing is answered.
    """
    request = _admitted(exchange, body)
    # Encoded for the first place, so that the journal holds what goes out; another place differs in the model's name.
    encoded: dict[str, bytes] = {}

    def for_target(target: Target) -> bytes:
        return encoded.setdefault(target.name, _for(request, target.name))

    first = exchange.wired.client.targets.order(exchange.model)
    sealed = await exchange.record("request", for_target(first[0]) if first else encode(request))
    client, answering = exchange.wired.client, None
    try:
        answering = await client.ask(exchange.model, PATH, for_target, EVENTS if wants_stream(request) else WHOLE)
        await _answers(exchange, answering)
        if answering.status != _OK:
            await _refused_upstream(exchange, answering)
        if wants_stream(request):
            await _stream(exchange, answering, request, protocol, sealed)
            return None
        return await _whole(exchange, answering, sealed)
    except OutageError as error:
        if answering is not None:
            client.failed(answering.target)
        await exchange.record("refusal", b"", code=error.code, request=receipt(sealed))
        raise RefusedRequestError(
            502, "upstream_unavailable", f"{error.message}; nothing was answered", headers=(("retry-after", "5"),)
        ) from error


def _admitted(exchange: Exchange, body: bytes) -> ChatRequest:
    """Return the request, once everything on its way in has let it pass."""
    wired = exchange.wired
    request = read_request(body, wired.limits)
    if request.model not in wired.chat_models:
        raise RefusedRequestError(404, "model_not_found", f"the model `{request.model[:64]}` does not exist", "model")
    exchange.model = request.model
    if isinstance(request.user, str):
        exchange.subject = request.user[:128]
    exchange.check_open(f"chat:{request.model}")
    exchange.authorise("chat", request.model)
    exchange.tokens_in = len(body) // CHARACTERS
    wired.quotas.tokens(exchange.caller.key_id, exchange.caller.principal, estimate(request, len(body)))
    if any(each.role == "tool" for each in request.messages):
        exchange.retrieved = None
    look_over(exchange, request)
    request.messages = [*(Message("system", text) for text in wired.prompts.get(request.model, ())), *request.messages]
    return request


def _for(request: ChatRequest, name: str) -> bytes:
    asked, request.model = request.model, name
    try:
        return encode(request)
    finally:
        request.model = asked


async def _answers(exchange: Exchange, answering: Answering) -> None:
    """Take note of who answers; a switch is an event of its own, on the disk before anything of the answer leaves."""
    exchange.served_by = answering.target.model
    if answering.turn is not None:
        await exchange.turned(answering.turn)


async def _refused_upstream(exchange: Exchange, answering: Answering) -> None:
    """Say that the upstream refuses; what it says itself stays inside.

    Raises:
        RefusedRequestError: it finds fault with the request.
        OutageError: it finds fault with us, or does not know the model.
    """
    await exchange.wired.client.whole(answering)
    if answering.status in _CALLERS_FAULT:
        said = f"the model does not take this request (status {answering.status})"
        raise RefusedRequestError(400, "upstream_refused", said, journalled=True)
    raise OutageError(f"the upstream of `{exchange.model}` refuses with status {answering.status}", code=f"status-{answering.status}")


async def _whole(exchange: Exchange, answering: Answering, sealed: Sealed) -> Reply:
    data = await exchange.wired.client.whole(answering)
    answer = read_completion(data)
    if not 0 < len(answer.choices) <= exchange.wired.limits.choices:
        raise OutageError("the upstream gives no answer, or too many", code="choices")
    exchange.wired.client.worked(answering.target)
    choices: list[dict[str, Any]] = []
    held: list[dict[str, Any]] = []
    for index, choice in enumerate(answer.choices):
        checked = await check(exchange, choice.message, finish(choice.finish_reason))
        choices.append({"index": index, "message": checked.message(), "logprobs": None, "finish_reason": checked.finish})
        held += checked.held
    exchange.tokens_out = answer.usage.completion_tokens if answer.usage else len(data) // CHARACTERS
    if answer.usage and answer.usage.prompt_tokens:
        exchange.tokens_in = answer.usage.prompt_tokens
    body = completion(new_id(), exchange.model, choices, answer.usage, held)
    kept = await exchange.record("answer", body, request=receipt(sealed))
    return Reply(_OK, body, (JSON, *exchange.receipts(receipt(sealed), receipt(kept))))


async def _stream(exchange: Exchange, answering: Answering, request: ChatRequest, protocol: Streamable, sealed: Sealed) -> None:
    relay = Relay(exchange, answering, usage=wants_usage(request))
    outlet = protocol.response_stream(_OK, relay.headers(receipt(sealed)))
    try:
        await relay.run(outlet)
    except GoneError:
        exchange.status = 499
        await relay.broken_off("caller-gone")
    except Exception as error:  # noqa: BLE001 - whatever failed, the stream ends here, and says so
        exchange.status = 503
        exchange.wired.counters.faults[type(error).__name__] += 1
        await outlet.send_bytes(fault_event(error))

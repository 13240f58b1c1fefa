"""Look over a chat request: every text of every message, tool results and offers included, and every image."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from tetrapylon.gateway.chat.request import (
    ChatRequest,
    ImagePart,
    Message,
    TextPart,
    calls,
    image_bytes,
    offers,
    strings,
)
from tetrapylon.gateway.exchange import CHARACTERS, Exchange
from tetrapylon.gateway.ports import Verdict
from tetrapylon.gateway.refusal import RefusedRequestError

PIECE = 512
"""Characters of short texts that are looked at together: a guard call costs more than a short text."""


def look_over(exchange: Exchange, request: ChatRequest) -> None:
    """Put each text through the guards, in place; refuse what must not go in.

    Raises:
        RefusedRequestError: something must not.
    """
    images = 0
    for number, message in enumerate(request.messages):
        images += _message(exchange, message, f"messages.[{number}]")
    if images > exchange.wired.limits.images:
        raise RefusedRequestError(400, "too_many_images", f"a request has {exchange.wired.limits.images} images at most", "messages")
    for offer in offers(request):
        _declared(exchange, offer.function.name)
        if isinstance(offer.function.description, str):
            offer.function.description = exchange.text_in(offer.function.description, "tools")
        _within(exchange, offer.function.parameters, "tools")
    _options(exchange, request)


def _message(exchange: Exchange, message: Message, at: str) -> int:
    """Look over one message; return how many images it has."""
    message.annotations = None
    images = 0
    if isinstance(message.content, str):
        message.content = exchange.text_in(message.content, at)
    elif message.content is not None:
        message.content, images = _parts(exchange, message.content, at)
    if isinstance(message.refusal, str):
        message.refusal = exchange.text_in(message.refusal, at)
    for name in (message.name, message.tool_call_id):
        if isinstance(name, str):
            _unchanged(exchange, name, at)
    for call in calls(message):
        _declared(exchange, call.function.name)
        _unchanged(exchange, call.id, at)
        call.function.arguments = exchange.text_in(call.function.arguments, at)
    return images


def _parts(exchange: Exchange, parts: list[TextPart | ImagePart], at: str) -> tuple[list[TextPart | ImagePart], int]:
    """Look over parts; texts that follow one another are one text, so nothing hides across their border."""
    joined: list[TextPart | ImagePart] = []
    for part in parts:
        if isinstance(part, TextPart) and joined and isinstance(joined[-1], TextPart):
            joined[-1].text += part.text
        else:
            joined.append(part)
    images = 0
    for part in joined:
        if isinstance(part, TextPart):
            part.text = exchange.text_in(part.text, at)
        else:
            images += 1
            data = image_bytes(part.image_url.url, exchange.wired.limits)
            if exchange.stop_in(exchange.wired.guards.image(data, model=exchange.model), at) is Verdict.REDACT:
                raise RefusedRequestError(400, "content_filter", "an image cannot be redacted, so it is refused", at, journalled=True)
    return joined, images


def _declared(exchange: Exchange, tool: str) -> None:
    if tool not in exchange.wired.tools:
        raise RefusedRequestError(400, "unknown_tool", f"the system declares no tool `{tool[:64]}`", "tools", journalled=True)


def _unchanged(exchange: Exchange, text: str, at: str) -> None:
    """Look over a text that must stay as it is, such as a name."""
    if exchange.text_in(text, at) != text:
        raise RefusedRequestError(400, "content_filter", "a name or id holds what must not go in", at, journalled=True)


def _within(exchange: Exchange, value: Any, at: str) -> None:
    """Look over every text within plain JSON."""
    short = []
    for count, (holder, key, text) in enumerate(strings(value)):
        if count >= exchange.wired.limits.strings:
            raise RefusedRequestError(400, "invalid_request", f"a request has {exchange.wired.limits.strings} texts at most", at)
        if holder is None or len(text) <= PIECE // 8:
            short.append(text)
        else:
            holder[key] = exchange.text_in(text, at)
    for start in range(0, len(short), PIECE // 8):
        _unchanged(exchange, "\n".join(short[start : start + PIECE // 8]), at)


def _options(exchange: Exchange, request: ChatRequest) -> None:
    if isinstance(request.user, str):
        _unchanged(exchange, request.user, "user")
    for text in [request.stop] if isinstance(request.stop, str) else request.stop or []:
        _unchanged(exchange, text, "stop")
    if request.response_format is not UNSET:
        _within(exchange, request.response_format.json_schema, "response_format")


def estimate(request: ChatRequest, length: int) -> int:
    """Return about how many tokens go in and can come out, for the quota."""
    asked = next((each for each in (request.max_completion_tokens, request.max_tokens) if isinstance(each, int)), 0)
    return length // CHARACTERS + max(0, asked)

"""What an upstream may say: only what is named here is taken over, and ids and times are ours.

Scores, traces of reasoning and whatever else a supplier adds stay inside.
"""

from __future__ import annotations

import secrets
import time
from typing import Any, Literal

import msgspec
from msgspec import Struct

from tetrapylon.gateway.upstream.connection import OutageError

Finish = Literal["stop", "length", "tool_calls", "content_filter"]


class Function(Struct):
    """A function that is called, or a part of it."""

    name: str | None = None
    arguments: str | None = None


class Call(Struct):
    """A tool call, or a part of one."""

    function: Function
    id: str | None = None
    index: int = 0


class Said(Struct):
    """A message, or a part of one."""

    content: str | None = None
    refusal: str | None = None
    tool_calls: list[Call] | None = None


class Usage(Struct):
    """Tokens used."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class Choice(Struct):
    """One answer."""

    message: Said
    index: int = 0
    finish_reason: str | None = None


class Part(Struct):
    """A part of one answer."""

    delta: Said
    index: int = 0
    finish_reason: str | None = None


class Completion(Struct):
    """A whole answer."""

    choices: list[Choice]
    usage: Usage | None = None


class Chunk(Struct):
    """One event of a stream."""

    choices: list[Part]
    usage: Usage | None = None


_COMPLETION = msgspec.json.Decoder(Completion)
_CHUNKS = msgspec.json.Decoder(list[Chunk])


def read_completion(data: bytes) -> Completion:
    """Return the answer that the bytes hold.

    Raises:
        OutageError: they hold none.
    """
    try:
        return _COMPLETION.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OutageError("the upstream's answer is no chat completion", code="not-json") from error


def read_chunks(events: list[bytes]) -> list[Chunk]:
    """Return what the events hold; they are read as one list, because one call is cheaper than hundreds.

    Raises:
        OutageError: one is no event of a chat completion.
    """
    try:
        return _CHUNKS.decode(b"[" + b",".join(events) + b"]")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OutageError("an event of the upstream's stream is no chat completion", code="not-json") from error


def finish(reason: str | None) -> Finish:
    """Return a reason that clients know."""
    return reason if reason in {"length", "tool_calls", "content_filter"} else "stop"  # type: ignore[return-value]  # one of the four


def new_id() -> str:
    """Return an id for an answer."""
    return f"chatcmpl-{secrets.token_hex(12)}"


def completion(name: str, model: str, choices: list[dict[str, Any]], usage: Usage | None, held: list[dict[str, Any]]) -> bytes:
    """Return a whole answer as it leaves."""
    found: dict[str, Any] = {
        "id": name,
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": choices,
        "usage": usage or Usage(),
    }
    if held:
        found["tetrapylon"] = {"held": held}
    return msgspec.json.encode(found)

"""A chat request, read strictly: what is not known is refused, because what nobody understands nobody can check.

What is sent on is encoded anew from what was read, so the upstream never sees another spelling than the guards did.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from tetrapylon.gateway.limits import Limits
from tetrapylon.gateway.refusal import RefusedRequestError

Role = Literal["system", "developer", "user", "assistant", "tool"]


class Strict(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Refuses what it does not know."""


class TextPart(Strict, tag="text", tag_field="type"):
    """Text within a message."""

    text: str


class ImageUrl(Strict):
    """Where an image is; only data URLs are taken."""

    url: str
    detail: Literal["auto", "low", "high"] | UnsetType = UNSET


class ImagePart(Strict, tag="image_url", tag_field="type"):
    """An image within a message."""

    image_url: ImageUrl


class CalledFunction(Strict):
    """Which function a model called, and with what."""

    name: str
    arguments: str


class ToolCall(Strict, omit_defaults=False):
    """A tool call, as a model made it."""

    id: str
    function: CalledFunction
    type: Literal["function"] = "function"


class Message(Strict):
    """One message of the conversation so far."""

    role: Role
    content: str | list[TextPart | ImagePart] | None = None
    name: str | UnsetType = UNSET
    tool_calls: list[ToolCall] | UnsetType | None = UNSET
    tool_call_id: str | UnsetType | None = UNSET
    refusal: str | UnsetType | None = UNSET
    # What the official client gives back with an assistant's message: taken if it is empty, and not sent on.
    function_call: None = None
    audio: None = None
    annotations: list[Any] | None = None


class OfferedFunction(Strict):
    """A function that the model may call."""

    name: str
    description: str | UnsetType = UNSET
    parameters: dict[str, Any] | UnsetType | None = UNSET
    strict: bool | UnsetType | None = UNSET


class Offer(Strict, omit_defaults=False):
    """A tool that the model may call."""

    function: OfferedFunction
    type: Literal["function"] = "function"


class NamedFunction(Strict):
    """The name of a function."""

    name: str


class Chosen(Strict, omit_defaults=False):
    """The tool that the model must call."""

    function: NamedFunction
    type: Literal["function"] = "function"


class StreamOptions(Strict):
    """What is wanted of a stream."""

    include_usage: bool = False


class ResponseFormat(Strict):
    """The form that the answer must have."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: dict[str, Any] | UnsetType = UNSET


class ChatRequest(Strict):
    """A chat request. Scores (`logprobs`) are not given out, so they cannot be asked for."""

    model: str
    messages: list[Message]
    stream: bool | UnsetType | None = UNSET
    stream_options: StreamOptions | UnsetType | None = UNSET
    tools: list[Offer] | UnsetType | None = UNSET
    tool_choice: Literal["none", "auto", "required"] | Chosen | UnsetType | None = UNSET
    parallel_tool_calls: bool | UnsetType = UNSET
    temperature: float | UnsetType | None = UNSET
    top_p: float | UnsetType | None = UNSET
    n: int | UnsetType | None = UNSET
    max_tokens: int | UnsetType | None = UNSET
    max_completion_tokens: int | UnsetType | None = UNSET
    stop: str | list[str] | UnsetType | None = UNSET
    presence_penalty: float | UnsetType | None = UNSET
    frequency_penalty: float | UnsetType | None = UNSET
    seed: int | UnsetType | None = UNSET
    user: str | UnsetType = UNSET
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high"] | UnsetType | None = UNSET
    response_format: ResponseFormat | UnsetType = UNSET


_DECODER = msgspec.json.Decoder(ChatRequest)
_ENCODER = msgspec.json.Encoder()


def read_request(body: bytes, limits: Limits) -> ChatRequest:
    """Return the request that the bytes hold.

    Raises:
        RefusedRequestError: it is none, or asks for more than is allowed.
    """
    try:
        found = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedRequestError(400, "invalid_request", f"the request is not understood: {str(error)[:300]}") from error
    except RecursionError as error:
        raise RefusedRequestError(400, "invalid_request", "the request is nested too deep") from error
    if not 0 < len(found.messages) <= limits.messages:
        raise RefusedRequestError(400, "invalid_request", f"a request has 1 to {limits.messages} messages", "messages")
    if len(offers(found)) > limits.tools:
        raise RefusedRequestError(400, "invalid_request", f"a request offers {limits.tools} tools at most", "tools")
    if found.n not in {UNSET, None} and not 1 <= int(found.n or 0) <= limits.choices:
        raise RefusedRequestError(400, "invalid_request", f"`n` is from 1 to {limits.choices}", "n")
    return found


def encode(request: ChatRequest) -> bytes:
    """Return the request in the one spelling that is sent on."""
    return _ENCODER.encode(request)


def offers(request: ChatRequest) -> list[Offer]:
    """Return the tools that are offered to the model."""
    return request.tools or []


def calls(message: Message) -> list[ToolCall]:
    """Return the tool calls of a message."""
    return message.tool_calls or []


def wants_stream(request: ChatRequest) -> bool:
    """Return whether the answer is to come in parts."""
    return request.stream is True


def wants_usage(request: ChatRequest) -> bool:
    """Return whether a stream is to end with the tokens used."""
    return isinstance(request.stream_options, StreamOptions) and request.stream_options.include_usage


_MAGIC: dict[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}


def image_bytes(url: str, limits: Limits) -> bytes:
    """Return the image that a data URL holds.

    Raises:
        RefusedRequestError: it lies elsewhere (nothing is fetched for a caller), or is no image of a kind that is taken.
    """
    kind, _, coded = url.partition(";base64,")
    kind = kind.removeprefix("data:")
    if not url.startswith("data:") or kind not in _MAGIC:
        said = "images are given as data URLs (`data:image/png;base64,...`; PNG, JPEG, GIF or WebP); nothing is fetched"
        raise RefusedRequestError(400, "image_url_refused", said, "messages")
    if len(coded) > limits.image_bytes * 4 // 3 + 4:
        raise RefusedRequestError(400, "image_too_large", f"an image is {limits.image_bytes} bytes at most", "messages")
    try:
        data = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedRequestError(400, "invalid_image", "the image is not valid base64", "messages") from error
    if not data.startswith(_MAGIC[kind]):
        raise RefusedRequestError(400, "invalid_image", f"the image is not what it says: {kind}", "messages")
    return data


def strings(value: Any) -> Iterator[tuple[Any, Any, str]]:
    """Yield every text within plain JSON as (holder, key, text); the key of an object is its own holder's None."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        pairs = each.items() if isinstance(each, dict) else enumerate(each) if isinstance(each, list) else ()
        for key, found in pairs:
            if isinstance(key, str):
                yield None, None, key
            if isinstance(found, str):
                yield each, key, found
            elif isinstance(found, dict | list):
                waiting.append(found)

"""A chat endpoint that speaks the OpenAI protocol: hosted, self-hosted, or our gateway with a key.

What it does: sends `POST /chat/completions` and reads JSON or, from a target that only streams, server-sent events.
Why it matters: nearly every language model can be reached this way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from tetrapylon.kernel.canonical import Json
from tetrapylon.outside.bounded_http import Client, HttpError, Response
from tetrapylon.outside.target import Answer, Ask, Call, Failure, Reach

KIND = "openai"
THROTTLED = frozenset({429, 503, 529})
FILTERS = ("content_filter", "content_policy", "policy_violation", "refused_by_guard", "guard", "moderation")
"""Words in a code or type of an error by which a provider says that a filter, not the model, answered."""

EXAMPLE = Reach("http://127.0.0.1:8600/v1", model="assistant")


class ChatTarget:
    """One model behind one endpoint."""

    def __init__(self, reach: Reach) -> None:
        self._client = Client(reach.url, reach.seconds)
        self._reach = reach
        self.identity: Mapping[str, Json] = {"kind": KIND, "url": reach.url, "model": reach.model, "stream": reach.stream}
        self._path = f"{self._client.base}/chat/completions"

    async def ask(self, ask: Ask) -> Answer:
        """Return the answer of the model."""
        body: dict[str, Json] = {"model": self._reach.model, "messages": ask.messages, "max_tokens": ask.most_tokens, "temperature": 0}
        if ask.tools:
            body["tools"] = ask.tools
        if self._reach.stream:
            body["stream"] = True
        headers = {"content-type": "application/json", **self._reach.headers}
        key = ask.key or self._reach.key
        if key:
            headers["authorization"] = f"Bearer {key}"
        try:
            return read_chat(await self._client.request("POST", self._path, headers, msgspec.json.encode(body)))
        except HttpError as error:
            return Answer(error=_kind(error), detail=str(error))

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()


def open_target(reach: Reach) -> ChatTarget:
    """Return the endpoint as a target."""
    return ChatTarget(reach)


def _kind(error: HttpError) -> Failure:
    return error.kind if error.kind in {"timeout", "too-large"} else "transport"  # type: ignore[return-value]  # both are kinds of failure


def read_chat(response: Response) -> Answer:
    """Return the answer in a response, or the class of failure that it is."""
    if response.status in THROTTLED:
        return Answer(error="throttled", status=response.status, retry_after=wait_of(response.headers))
    if response.headers.get("content-type", "").startswith("text/event-stream") or response.body.startswith(b"data:"):
        return _streamed(response)
    try:
        value = msgspec.json.decode(response.body)
    except (msgspec.DecodeError, RecursionError):
        return Answer(error="status" if response.status >= 400 else "not-json", status=response.status)  # noqa: PLR2004 - HTTP
    if response.status != 200:  # noqa: PLR2004 - HTTP
        return _refused(response.status, value)
    try:
        choice = value["choices"][0]
        return _message(choice["message"], choice.get("finish_reason"), value.get("usage") or {})
    except (KeyError, IndexError, TypeError, AttributeError):
        return Answer(error="shape", status=response.status)


def wait_of(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` asks for; a date or nonsense is no number and asks for nothing."""
    try:
        return max(0.0, min(float(headers.get("retry-after", "")), 3600.0))
    except ValueError:
        return None


def _refused(status: int, value: Json) -> Answer:
    error = value.get("error") if isinstance(value, dict) else None
    said = " ".join(str(error.get(key)) for key in ("code", "type")) if isinstance(error, dict) else ""
    filtered = any(each in said for each in FILTERS)
    return Answer(error="filtered" if filtered else "status", detail=said[:200], status=status)


def _message(message: Json, reason: Json, usage: Json) -> Answer:
    calls = tuple(
        Call(str(each["function"]["name"]), _text(each["function"].get("arguments")), str(each.get("id") or ""))
        for each in message.get("tool_calls") or ()
    )
    text = _text(message.get("content"))
    error: Failure = "filtered" if reason == "content_filter" else "" if text.strip() or calls else "empty"
    tokens_in, tokens_out = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    return Answer(text, calls, error, status=200, tokens_in=tokens_in, tokens_out=tokens_out)


def _count(usage: Json, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and value >= 0 else 0


def _text(value: Json) -> str:
    """Return text, or the texts of a list of parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(str(each.get("text", "")) for each in value if isinstance(each, dict))
    return "" if value is None else msgspec.json.encode(value).decode()


def _streamed(response: Response) -> Answer:
    """Return the answer that the events add up to; a stream that ends before its end is an error."""
    text: list[str] = []
    calls: dict[int, dict[str, str]] = {}
    reason: Json = None
    usage: Json = {}
    whole = False
    try:
        for event in _events(response.body):
            if event == b"[DONE]":
                whole = True
                break
            value = msgspec.json.decode(event)
            usage = value.get("usage") or usage
            for choice in value.get("choices") or ():
                delta = choice.get("delta") or choice.get("message") or {}
                reason = choice.get("finish_reason") or reason
                text.append(_text(delta.get("content")))
                _add_calls(calls, delta.get("tool_calls") or ())
    except (msgspec.DecodeError, RecursionError, KeyError, TypeError, AttributeError):
        return Answer(error="not-json", status=response.status)
    if not whole and reason is None:
        return Answer("".join(text), error="transport", detail="the stream broke off", status=response.status)
    named = [{"id": each["id"], "function": {"name": each["name"], "arguments": each["arguments"]}} for _, each in sorted(calls.items())]
    return _message({"content": "".join(text), "tool_calls": named}, reason, usage)


def _events(body: bytes) -> Iterator[bytes]:
    return (line[5:].strip() for line in body.splitlines() if line.startswith(b"data:"))


def _add_calls(calls: dict[int, dict[str, str]], deltas: Json) -> None:
    for each in deltas:
        found = calls.setdefault(int(each.get("index", 0)), {"id": "", "name": "", "arguments": ""})
        function = each.get("function") or {}
        found["id"] = found["id"] or str(each.get("id") or "")
        found["name"] = found["name"] or str(function.get("name") or "")
        found["arguments"] += _text(function.get("arguments"))

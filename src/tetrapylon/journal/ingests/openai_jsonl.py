"""Logs of calls in the OpenAI API's shapes, one JSON object on a line: `request` and `response`, or batch results.

What it does: takes the model, the user, tokens and both bodies from objects such as `{"request": {...}, "response": {...}}`,
`{"body": {...}}` and `{"custom_id": ..., "response": {"status_code": ..., "body": {...}}}`.
Why it matters: this is what most client libraries and proxies can write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tetrapylon.journal.entry import Entry
from tetrapylon.kernel.canonical import Json

GOOD = (
    (
        b'{"request":{"model":"m","user":"u-1","messages":[{"role":"user","content":"hi"}]},'
        b'"response":{"id":"r","usage":{"prompt_tokens":3,"completion_tokens":5}}}'
    ),
    b'{"custom_id":"c-1","response":{"status_code":200,"body":{"model":"m","usage":{"prompt_tokens":1}}},"error":null}',
    b'{"model":"m","messages":[]}',
)
BAD = (b'{"request":', b"[1]", b'{"hello":"world"}', b"\xff\xfe")


def read(line: bytes, options: Mapping[str, str]) -> Entry | None:
    """Return the entry that a line holds."""
    value = json.loads(line.decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the value is wrong, not its Python type
    request = _first(value, "request", "body") or (value if "messages" in value or "input" in value else {})
    response = _inner(value.get("response"))
    if not request and not response:
        raise ValueError("neither a request nor a response")
    usage = response.get("usage") or {}
    labels = {
        "tokensIn": str(usage.get("prompt_tokens", usage.get("input_tokens", ""))),
        "tokensOut": str(usage.get("completion_tokens", usage.get("output_tokens", ""))),
        "request": str(value.get("custom_id") or response.get("id") or ""),
    }
    model = str(request.get("model") or response.get("model") or "")
    subject = str(request.get("user") or request.get("safety_identifier") or "")
    who = (options.get("tenant", ""), subject, "chat", model, options.get("principal", ""))
    return Entry("request", *who, line.strip(), {name: each for name, each in labels.items() if each})


def _first(value: Mapping[str, Json], *names: str) -> dict[str, Json]:
    return next((value[name] for name in names if isinstance(value.get(name), dict)), {})


def _inner(value: Json) -> dict[str, Json]:
    """Return the response itself, also where a batch wraps it."""
    if not isinstance(value, dict):
        return {}
    body = value.get("body")
    return body if isinstance(body, dict) else value

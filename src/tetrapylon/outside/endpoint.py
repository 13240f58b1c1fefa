"""Ask an endpoint that speaks the OpenAI protocol: is it there, and what does it answer; bounded in time and bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tetrapylon.kernel.errors import UndecidedError
from tetrapylon.outside import asking

LIMIT = 1 << 20
"""Bytes of an answer that are read."""

_OK = 200


def alive(url: str, seconds: float = 1.0) -> str | None:
    """Return why the endpoint does not answer its list of models, or None where it does."""
    try:
        _asked(url, "GET", "/models", None, seconds)
    except UndecidedError as error:
        return error.message
    return None


def ask(url: str, model: str, messages: Sequence[Mapping[str, Any]], seconds: float = 10.0) -> str:
    """Return the text of an answer.

    Raises:
        UndecidedError: there was no answer, or not one of this protocol (`no-answer`).
    """
    body = json.dumps({"model": model, "messages": list(messages)}).encode()
    try:
        return str(json.loads(_asked(url, "POST", "/chat/completions", body, seconds))["choices"][0]["message"].get("content") or "")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UndecidedError("the endpoint gave no chat completion", code="no-answer") from error


def _asked(url: str, method: str, path: str, body: bytes | None, seconds: float) -> bytes:
    parts = urlsplit(url)
    headers = {} if body is None else {"content-type": "application/json"}
    request = asking.Asked(method, parts.path.rstrip("/") + path, headers, body)
    found = asking.ask(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", request, seconds, LIMIT)
    if found.status != _OK:
        raise UndecidedError(f"the endpoint answered with status {found.status}", code="no-answer")
    return found.body

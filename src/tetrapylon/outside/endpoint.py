"""Ask an endpoint that speaks the OpenAI protocol: is it there, and what does it answer; bounded in time and bytes."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from tetrapylon.kernel.errors import UndecidedError

LIMIT = 1 << 20
"""Bytes of an answer that are read."""


def alive(url: str, seconds: float = 1.0) -> str | None:
    """Return why the endpoint does not answer its list of models, or None where it does."""
    try:
        _fetch(urllib.request.Request(f"{url.rstrip('/')}/models"), seconds)  # noqa: S310 - the manifest takes http and https alone
    except UndecidedError as error:
        return error.message
    return None


def ask(url: str, model: str, messages: Sequence[Mapping[str, Any]], seconds: float = 10.0) -> str:
    """Return the text of an answer.

    Raises:
        UndecidedError: there was no answer, or not one of this protocol (`no-answer`).
    """
    body = json.dumps({"model": model, "messages": list(messages)}).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{url.rstrip('/')}/chat/completions", body, headers)  # noqa: S310 - as above
    try:
        return str(json.loads(_fetch(request, seconds))["choices"][0]["message"].get("content") or "")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UndecidedError("the endpoint gave no chat completion", code="no-answer") from error


def _fetch(request: urllib.request.Request, seconds: float) -> bytes:
    # No proxy: what the system itself would reach is what is asked.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=seconds) as answer:
            found = answer.read(LIMIT + 1)
    except (urllib.error.URLError, OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise UndecidedError(f"the endpoint did not answer: {reason}", code="no-answer") from error
    if len(found) > LIMIT:
        raise UndecidedError(f"the endpoint answered more than {LIMIT} bytes", code="no-answer")
    return bytes(found)

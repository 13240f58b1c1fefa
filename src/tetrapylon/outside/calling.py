"""Ask a running gateway one question, as its callers do: JSON in, JSON out, and None where no answer came in time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tetrapylon.kernel.errors import UndecidedError
from tetrapylon.outside.asking import Asked, ask

LIMIT = 1 << 20
"""Bytes of an answer that are read."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""

    body: bytes

    def json(self) -> Any:
        """Return the body as data, or None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def call(
    url: str, method: str, path: str, body: Any = None, *, token: str | None = None, seconds: float = 5.0, **headers: str
) -> Answered | None:
    """Return the answer, or None where none came in time."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token is not None:
        sent["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    if data is not None:
        sent["content-type"] = "application/json"
    try:
        found = ask(url, Asked(method, path, sent, data), seconds, LIMIT)
    except UndecidedError:
        return None
    return Answered(found.status, found.headers, found.body)

"""Ask a running gateway one question over HTTP, as its callers do: bounded in time and bytes, without a proxy."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

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


def ask(
    url: str, method: str, path: str, body: Any = None, *, token: str | None = None, seconds: float = 5.0, **headers: str
) -> Answered | None:
    """Return the answer, or None where none came in time."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token is not None:
        sent["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    if data is not None:
        sent["content-type"] = "application/json"
    try:
        connection.request(method, path, data, sent)
        got = connection.getresponse()
        return Answered(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read(LIMIT))
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()

"""A refusal, in the words of the protocol that the caller speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

JSON = ("content-type", "application/json")
SERVER = ("server", "tetrapylon")

_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    status: int
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = (JSON,)


@dataclass(eq=False)
class RefusedRequestError(Exception):
    """The request, or what was to be answered, is refused; nothing of it goes further."""

    status: int
    code: str
    """What it is about, for programs."""

    message: str
    """What it is about and what to do, for people."""

    param: str | None = None
    headers: Sequence[tuple[str, str]] = ()
    journalled: bool = False
    """Whether the journal keeps it: what an authenticated caller was refused for its content or its rights."""

    rules: tuple[str, ...] = field(default=())

    def reply(self, *, openai: bool = True) -> Reply:
        """Return the refusal in OpenAI's form of an error, or in that of the Open Inference Protocol."""
        if not openai:
            return Reply(self.status, msgspec.json.encode({"error": self.message}), (JSON, *self.headers))
        return Reply(self.status, error_body(self.status, self.code, self.message, self.param), (JSON, *self.headers))


def error_body(status: int, code: str, message: str, param: str | None = None) -> bytes:
    """Return an error in OpenAI's form, which its clients turn into exceptions of theirs."""
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")  # noqa: PLR2004 - HTTP
    return msgspec.json.encode({"error": {"message": message, "type": kind, "param": param, "code": code}})


def closed_for_fault(code: str = "unavailable") -> RefusedRequestError:
    """Return the refusal for when a guard, the journal or something of ours failed: nothing may leave."""
    return RefusedRequestError(
        503, code, "the gateway could not check or record this, so nothing is answered", headers=(("retry-after", "5"),)
    )

"""A system under test: what is asked of it, and what it answers.

Every way of asking (a protocol, a template, a function) is a part in `targets/`. A target never raises for what the other
side did: a failure is an `Answer` whose `error` names its class, because an error must be counted and never be taken for
resistance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from tetrapylon.kernel.canonical import Json

Message = dict[str, Json]
"""One message of a conversation, as the OpenAI protocol writes it."""

Failure = Literal["", "transport", "timeout", "throttled", "status", "not-json", "shape", "too-large", "empty", "filtered"]
"""Why there is no answer; empty where there is one."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a target."""

    messages: tuple[Message, ...]
    tools: tuple[Json, ...] = ()
    most_tokens: int = 512
    key: str | None = None
    """Another caller's key, where one tenant attacks another; None is the target's own."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool that the target asked for."""

    name: str
    arguments: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: text, calls of tools, or the class of failure."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    error: Failure = ""
    detail: str = ""
    status: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    retry_after: float | None = None
    """Seconds that the other side asks us to wait."""


class Target(Protocol):
    """One system under test, opened."""

    identity: Mapping[str, Json]
    """What it is: everything that decides which system answers, and no secret."""

    async def ask(self, ask: Ask) -> Answer:
        """Return what the system answers."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Reach:
    """How to reach a target over HTTP."""

    url: str
    model: str = ""
    key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    request: str = ""
    """`METHOD /path BODY` with `{{prompt}}` where the prompt stands, for targets with a protocol of their own."""

    answer: str = ""
    """Where the answer stands in the response, such as `$.reply`."""

    seconds: float = 60.0
    stream: bool = False
